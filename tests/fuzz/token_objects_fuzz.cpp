// SPDX-License-Identifier: MIT
// Objects as a module gives them out. The input is a list of objects: a byte that says how the module
// behaves, the number of attributes, then for each its type, the length of its value in two bytes, and the
// value.
#include "pkcs11/objects.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "harness.hpp"
#include "pkcs11/parsed_x509.hpp"
#include "pkcs11/session.hpp"

using namespace koshin::pkcs11;  // NOLINT(google-build-using-namespace): a program of one page

namespace {

constexpr std::array<CK_ATTRIBUTE_TYPE, 17> types{CKA_CLASS,
                                                  CKA_ID,
                                                  CKA_LABEL,
                                                  CKA_CERTIFICATE_TYPE,
                                                  CKA_KEY_TYPE,
                                                  CKA_SIGN,
                                                  CKA_MODULUS,
                                                  CKA_PUBLIC_EXPONENT,
                                                  CKA_EC_PARAMS,
                                                  CKA_EC_POINT,
                                                  CKA_VALUE,
                                                  CKA_ALWAYS_AUTHENTICATE,
                                                  CKA_LOCAL,
                                                  CKA_NEVER_EXTRACTABLE,
                                                  CKA_ALWAYS_SENSITIVE,
                                                  CKA_TOKEN,
                                                  CKA_PRIVATE};

struct Object {
  std::uint8_t behaviour = 0;
  std::map<CK_ATTRIBUTE_TYPE, ByteView> values;
};

/// What the module below has, and how far its search has come.
struct {
  std::vector<Object> objects;
  std::size_t found = 0;
} token;

/// Some modules stop at an attribute that they do not know, or refuse a template as a whole, or say of a
/// value that does not fit how long it is.
enum Behaviour : std::uint8_t { stops_early = 1, refuses_templates = 2, tells_length = 4, is_gone = 8 };

std::size_t take_number(ByteView& rest, std::size_t bytes) {
  std::size_t number = 0;
  for (; bytes > 0 && !rest.empty(); --bytes) {
    number = number << 8U | rest.front();
    rest = rest.subspan(1);
  }
  return number;
}

Object take_object(ByteView& rest) {
  Object object;
  object.behaviour = static_cast<std::uint8_t>(take_number(rest, 1));
  for (std::size_t left = take_number(rest, 1); left > 0 && !rest.empty(); --left) {
    const CK_ATTRIBUTE_TYPE type = types.at(take_number(rest, 1) % types.size());
    const std::size_t length = std::min(take_number(rest, 2), rest.size());
    object.values[type] = rest.first(length);
    rest = rest.subspan(length);
  }
  return object;
}

CK_RV find_init(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/) {
  token.found = 0;
  return CKR_OK;
}
CK_RV find(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE* handles, CK_ULONG room, CK_ULONG* count) {
  for (*count = 0; *count < room && token.found < token.objects.size(); ++*count)
    handles[*count] = ++token.found;
  return CKR_OK;
}
CK_RV find_final(CK_SESSION_HANDLE /*session*/) {
  return CKR_OK;
}

/// One attribute of a template; what it says beside CKR_OK is the answer for the whole.
CK_RV give(const Object& object, CK_ATTRIBUTE& attribute) {
  const auto value = object.values.find(attribute.type);
  if (value == object.values.end()) {
    attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return CKR_ATTRIBUTE_TYPE_INVALID;
  }
  const ByteView bytes = value->second;
  if (bytes.size() > attribute.ulValueLen) {
    attribute.ulValueLen = (object.behaviour & tells_length) != 0 ? bytes.size() : CK_UNAVAILABLE_INFORMATION;
    return CKR_BUFFER_TOO_SMALL;
  }
  std::ranges::copy(bytes, static_cast<CK_BYTE*>(attribute.pValue));
  attribute.ulValueLen = bytes.size();
  return CKR_OK;
}

CK_RV get_attributes(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE handle, CK_ATTRIBUTE* wanted,
                     CK_ULONG count) {
  if (handle == 0 || handle > token.objects.size()) return CKR_OBJECT_HANDLE_INVALID;
  const Object& object = token.objects[handle - 1];
  if ((object.behaviour & is_gone) != 0) return CKR_OBJECT_HANDLE_INVALID;
  if ((object.behaviour & refuses_templates) != 0 && count > 1) return CKR_FUNCTION_FAILED;
  CK_RV answer = CKR_OK;
  for (CK_ULONG i = 0; i < count; ++i) {
    const CK_RV one = give(object, wanted[i]);
    if (one == CKR_OK) continue;
    answer = one;
    if ((object.behaviour & stops_early) != 0) break;
  }
  return answer;
}

FunctionTable module() {
  static CK_FUNCTION_LIST list = [] {
    CK_FUNCTION_LIST made{};
    made.C_FindObjectsInit = find_init;
    made.C_FindObjects = find;
    made.C_FindObjectsFinal = find_final;
    made.C_GetAttributeValue = get_attributes;
    return made;
  }();
  FunctionTable table;
  table.list = &list;
  return table;
}

void check(const TokenObject& object) {
  using koshin::fuzz::require;
  require(object.certificate.size() <= largest_certificate, "a certificate is bounded");
  require(object.object_class != ObjectClass::other, "only what is of use is shown");
  const bool certificate = object.object_class == ObjectClass::certificate;
  require(certificate || object.certificate.empty(), "a key has no certificate's value");
  if (object.public_key.empty() || certificate) return;
  require(parse_public_key(object.public_key) != nullptr, "a public key that was put together can be read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_objects = 20;
  token.objects.clear();
  ByteView rest(data, size);
  while (!rest.empty() && token.objects.size() < most_objects) token.objects.push_back(take_object(rest));
  const FunctionTable table = module();
  ObjectReader reader(table, 1);
  for (const bool private_keys_visible : {false, true}) {
    koshin::fuzz::taken_or_refused<Error>([&] {
      for (const TokenObject& object : reader.find_all(private_keys_visible)) check(object);
    });
  }
  koshin::fuzz::taken_or_refused<Error>([&] {
    KeyOrigin origin;
    (void)reader.read_public_key(1);
    (void)reader.read_private_key(1, origin);
  });
  return 0;
}
