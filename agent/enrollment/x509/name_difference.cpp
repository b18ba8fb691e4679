// SPDX-License-Identifier: MIT
// Comparison of names attribute by attribute, to explain a difference in their bytes.
#include "enrollment/x509/name_difference.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <vector>

#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t most_differences = 4, longest_value = 120, longest_der = 300;

using GeneralNames = OpensslHandle<GENERAL_NAMES, GENERAL_NAMES_free>;

std::string type_in_words(int type) {
  struct Named {
    int type;
    const char* words;
  };
  static constexpr std::array types{
      Named{V_ASN1_UTF8STRING, "UTF8String"},       Named{V_ASN1_PRINTABLESTRING, "PrintableString"},
      Named{V_ASN1_IA5STRING, "IA5String"},         Named{V_ASN1_T61STRING, "TeletexString"},
      Named{V_ASN1_BMPSTRING, "BMPString"},         Named{V_ASN1_UNIVERSALSTRING, "UniversalString"},
      Named{V_ASN1_NUMERICSTRING, "NumericString"}, Named{V_ASN1_VISIBLESTRING, "VisibleString"},
      Named{V_ASN1_OCTET_STRING, "OCTET STRING"},   Named{V_ASN1_BIT_STRING, "BIT STRING"}};
  const auto* const found = std::ranges::find(types, type, &Named::type);
  return found == types.end() ? "ASN.1 type " + std::to_string(type) : found->words;
}

std::string in_utf8(const ASN1_STRING* text) {
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, text);
  if (size < 0) {
    ERR_clear_error();
    const unsigned char* first = ASN1_STRING_get0_data(text);
    return to_hex({first, static_cast<std::size_t>(ASN1_STRING_length(text))});
  }
  const OpensslHandle<unsigned char, free_openssl_bytes> owner(raw);
  return {raw, raw + size};
}

std::string identifier(const ASN1_OBJECT* object) {
  if (const int nid = OBJ_obj2nid(object); nid != NID_undef) return OBJ_nid2ln(nid);
  std::array<char, 128> text{};
  OBJ_obj2txt(text.data(), text.size(), object, 1);
  return text.data();
}

/// The compared parts of an attribute of a Name.
struct Attribute {
  std::string name, type, value;
  int place = 0;  ///< index of its RelativeDistinguishedName
  bool operator==(const Attribute&) const = default;
  std::string text() const { return type + " \"" + printable(value, longest_value) + "\""; }
};

std::vector<Attribute> attributes_of(const X509_NAME* name) {
  std::vector<Attribute> all;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
    all.push_back({identifier(X509_NAME_ENTRY_get_object(entry)), type_in_words(ASN1_STRING_type(value)),
                   in_utf8(value), X509_NAME_ENTRY_set(entry)});
  }
  return all;
}

std::string names_of(const std::vector<Attribute>& attributes) {
  std::string text;
  for (const auto& attribute : attributes) text += (text.empty() ? "" : ", ") + attribute.name;
  return printable(text, longest_value);
}

std::string both_encodings(ByteView asked, ByteView got) {
  const auto hex = [](ByteView der) {
    const std::string text = to_hex(der);
    return text.size() <= longest_der ? text : text.substr(0, longest_der) + "…";
  };
  return "its encoding is " + hex(got) + ", asked for was " + hex(asked);
}

/// For names with the same attributes in the same order: the attributes that differ, and their differences.
std::string differing_attributes(const std::vector<Attribute>& asked, const std::vector<Attribute>& got) {
  std::string text;
  std::size_t told = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i] == got[i]) continue;
    if (told++ == most_differences) return text + "; …";
    const bool same_text = asked[i].text() == got[i].text();
    text += (text.empty() ? "" : "; ") + got[i].name + " is " + got[i].text() + ", asked for was " +
            (same_text ? "the same in another RelativeDistinguishedName" : asked[i].text());
  }
  return text;
}

std::string general_name_text(const GENERAL_NAME* name) {
  const Bio bio(BIO_new(BIO_s_mem()));
  // The prototype is not const, although it modifies nothing.
  if (!bio || GENERAL_NAME_print(bio.get(), const_cast<GENERAL_NAME*>(name)) != 1) return "?";  // NOLINT
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string general_names_text(const GENERAL_NAMES* names) {
  std::string text;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i)
    text += (text.empty() ? "" : ", ") + general_name_text(sk_GENERAL_NAME_value(names, i));
  return text.empty() ? "no name" : printable(text, 3 * longest_value);
}

}  // namespace

std::string subject_difference(ByteView asked, ByteView got) {
  const auto asked_name = from_der_exactly<X509Name>(asked, d2i_X509_NAME);
  const auto got_name = from_der_exactly<X509Name>(got, d2i_X509_NAME);
  if (!asked_name || !got_name) {
    ERR_clear_error();
    return both_encodings(asked, got);
  }
  const auto before = attributes_of(asked_name.get());
  const auto after = attributes_of(got_name.get());
  const bool aligned = before.size() == after.size() &&
                       std::equal(before.begin(), before.end(), after.begin(),
                                  [](const auto& a, const auto& b) { return a.name == b.name; });
  if (!aligned) return "it has " + names_of(after) + "; asked for were, in this order, " + names_of(before);
  const std::string text = differing_attributes(before, after);
  return text.empty() ? both_encodings(asked, got) : text;
}

std::string alternative_name_difference(ByteView asked, ByteView got) {
  const auto asked_names = from_der_exactly<GeneralNames>(asked, d2i_GENERAL_NAMES);
  const auto got_names = from_der_exactly<GeneralNames>(got, d2i_GENERAL_NAMES);
  ERR_clear_error();
  if (!asked_names || !got_names) return both_encodings(asked, got);
  const std::string before = general_names_text(asked_names.get());
  const std::string after = general_names_text(got_names.get());
  if (before != after) return "it has " + after + "; asked for was " + before;
  return "both read " + after + "; " + both_encodings(asked, got);
}

}  // namespace koshin::enrollment
