// SPDX-License-Identifier: MIT
// RFC 7512, in both directions.
#include "pkcs11/uri.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace koshin::pkcs11 {
namespace {

constexpr std::string_view scheme = "pkcs11:";

using TextMember = std::optional<std::string> Uri::*;
struct TextAttribute {
  std::string_view name;
  TextMember member;
};
constexpr std::array path_attributes = std::to_array<TextAttribute>({
    {"token", &Uri::token},
    {"manufacturer", &Uri::manufacturer},
    {"serial", &Uri::serial},
    {"model", &Uri::model},
    {"library-manufacturer", &Uri::library_manufacturer},
    {"library-description", &Uri::library_description},
    {"library-version", &Uri::library_version},
    {"object", &Uri::object},
    {"type", &Uri::type},
    {"slot-description", &Uri::slot_description},
    {"slot-manufacturer", &Uri::slot_manufacturer},
});
constexpr std::array query_attributes = std::to_array<TextAttribute>({
    {"pin-source", &Uri::pin_source},
    {"pin-value", &Uri::pin_value},
    {"module-name", &Uri::module_name},
    {"module-path", &Uri::module_path},
});

[[noreturn]] void refuse(std::string_view attribute, std::size_t offset, std::string_view why) {
  throw UriError("PKCS#11 URI, attribute \"" + std::string(attribute) + "\" at offset " +
                 std::to_string(offset) + ": " + std::string(why));
}

bool is_alphanumeric(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9');
}

/// Characters that need no escape in a value (section 2.3: unreserved and pk11-res-avail; '/' and '?' only in
/// a query, '&' only in a path).
bool stands_for_itself(char character, bool in_query) {
  constexpr std::string_view everywhere = "-._~:[]@!$'()*+,=";
  if (is_alphanumeric(character) || everywhere.find(character) != std::string_view::npos) return true;
  return in_query ? character == '/' || character == '?' || character == '|' : character == '&';
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/// Whether the name is a misspelled or misplaced pin-value: its value would be a PIN, and unknown attributes
/// are passed on and displayed.
bool means_a_pin(std::string_view name) {
  std::string lower(name);
  for (char& character : lower)
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  return lower == "pin" || lower.ends_with("pin-value") || lower.ends_with("pin_value");
}

/// One "name=value" and its offset in the URI.
struct Pair {
  std::string_view name;
  std::string_view raw;
  std::size_t offset = 0;
  bool in_query = false;
};

std::string decoded(const Pair& pair) {
  std::string result;
  for (std::size_t i = 0; i < pair.raw.size(); ++i) {
    const char character = pair.raw[i];
    if (character != '%') {
      if (!stands_for_itself(character, pair.in_query)) {
        refuse(pair.name, pair.offset, "its value has a character that must be percent-encoded");
      }
      result.push_back(character);
      continue;
    }
    const int high = i + 1 < pair.raw.size() ? hex_digit(pair.raw[i + 1]) : -1;
    const int low = i + 2 < pair.raw.size() ? hex_digit(pair.raw[i + 2]) : -1;
    if (high < 0 || low < 0) refuse(pair.name, pair.offset, "bad percent escape");
    result.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return result;
}

/// A name of the grammar: letters, digits, '-' and '_' (vendor attributes, section 2.3).
Pair split_pair(std::string_view text, std::size_t offset, bool in_query) {
  const auto equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char character) {
    return is_alphanumeric(character) || character == '-' || character == '_';
  });
  // Not repeated in the message: the text may be the part of a PIN after an unescaped '&'.
  if (!good || equals == std::string_view::npos) refuse("?", offset, "it must read name=value");
  if (means_a_pin(name) && !(in_query && name == "pin-value"))
    refuse(name, offset, "a PIN would be shown to every process; use pin-source or a prompt");
  return {name, text.substr(equals + 1), offset, in_query};
}

std::vector<Pair> split(std::string_view text, std::size_t offset, bool in_query) {
  std::vector<Pair> pairs;
  const char separator = in_query ? '&' : ';';
  while (!text.empty()) {
    const auto end = text.find(separator);
    pairs.push_back(split_pair(text.substr(0, end), offset, in_query));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    offset += end + 1;
    if (text.empty()) refuse("", offset, "nothing follows the separator");
  }
  return pairs;
}

void check_type(const Pair& pair, const std::string& value) {
  constexpr std::array<std::string_view, 5> types{"public", "private", "cert", "secret-key", "data"};
  if (std::find(types.begin(), types.end(), value) == types.end()) {
    refuse(pair.name, pair.offset, "it must be public, private, cert, secret-key or data");
  }
}

/// "major[.minor]", both decimal and at most 255 (CK_VERSION).
void check_version(const Pair& pair, std::string_view value) {
  const auto is_byte = [](std::string_view digits) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc() && end == digits.data() + digits.size() && number <= 255 &&
           digits.size() <= 3;
  };
  const auto dot = value.find('.');
  if (!is_byte(value.substr(0, dot)) || (dot != std::string_view::npos && !is_byte(value.substr(dot + 1)))) {
    refuse(pair.name, pair.offset, "it must read major or major.minor");
  }
}

std::uint64_t slot_number(const Pair& pair, const std::string& value) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size())
    refuse(pair.name, pair.offset, "it must be a number");
  return number;
}

void take_path_attribute(Uri& uri, const Pair& pair) {
  const std::string value = decoded(pair);
  if (pair.name == "id") {
    uri.id = Bytes(value.begin(), value.end());
    return;
  }
  if (pair.name == "slot-id") {
    uri.slot_id = slot_number(pair, value);
    return;
  }
  const auto known =
      std::find_if(path_attributes.begin(), path_attributes.end(),
                   [&pair](const TextAttribute& attribute) { return attribute.name == pair.name; });
  if (known == path_attributes.end()) {
    uri.unknown_path_attribute = true;
    return;
  }
  if (pair.name == "type") check_type(pair, value);
  if (pair.name == "library-version") check_version(pair, value);
  uri.*known->member = value;
}

/// Only a vendor's query attribute may be repeated (section 2.3).
void take_query_attribute(Uri& uri, const Pair& pair) {
  const auto known =
      std::find_if(query_attributes.begin(), query_attributes.end(),
                   [&pair](const TextAttribute& attribute) { return attribute.name == pair.name; });
  const std::string value = decoded(pair);
  if (known == query_attributes.end()) return;
  if (uri.*known->member) refuse(pair.name, pair.offset, "it is there twice");
  if (pair.name == "module-path" && !value.starts_with('/') && !(value.size() > 2 && value[1] == ':')) {
    refuse(pair.name, pair.offset, "the path must be absolute");
  }
  if (pair.name == "module-name" && value.find_first_of("/\\") != std::string::npos) {
    refuse(pair.name, pair.offset, "a name has no slashes: use module-path for a path");
  }
  uri.*known->member = value;
}

std::string encoded(std::string_view value, bool in_query) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char character : value) {
    if (stands_for_itself(character, in_query) && character != '&') {
      result.push_back(character);
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    result += {'%', digits[byte / 16], digits[byte % 16]};
  }
  return result;
}

/// CKA_ID is binary: all its bytes are escaped (section 2.3).
std::string encoded_id(const Bytes& id) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const std::uint8_t byte : id) result += {'%', digits[byte / 16], digits[byte % 16]};
  return result;
}

/// Puts "name=value" behind `text`, after `first` for the first one and `separator` for each further one.
class Part {
 public:
  Part(std::string& text, std::string_view first, char separator)
      : text_(text), first_(first), separator_(separator) {}
  void add(std::string_view name, const std::string& value) {
    if (begun_) {
      text_ += separator_;
    } else {
      text_ += first_;
    }
    begun_ = true;
    text_.append(name).append("=").append(value);
  }

 private:
  std::string& text_;
  std::string_view first_;
  char separator_;
  bool begun_ = false;
};

}  // namespace

Uri Uri::parse(std::string_view text) {
  // Schemes are compared without regard to case (RFC 3986 section 3.1).
  const bool ours =
      text.size() >= scheme.size() &&
      std::equal(scheme.begin(), scheme.end(), text.begin(), [](char wanted, char given) {
        return wanted == (given >= 'A' && given <= 'Z' ? static_cast<char>(given - 'A' + 'a') : given);
      });
  if (!ours) throw UriError("a PKCS#11 URI begins with \"pkcs11:\"");
  const auto question = text.find('?');
  Uri uri;
  std::set<std::string_view> seen;
  for (const Pair& pair :
       split(text.substr(scheme.size(), question == std::string_view::npos ? std::string_view::npos
                                                                           : question - scheme.size()),
             scheme.size(), false)) {
    if (!seen.insert(pair.name).second) refuse(pair.name, pair.offset, "it is there twice");
    take_path_attribute(uri, pair);
  }
  if (question != std::string_view::npos) {
    for (const Pair& pair : split(text.substr(question + 1), question + 1, true))
      take_query_attribute(uri, pair);
  }
  if (uri.pin_source && uri.pin_value)
    throw UriError("PKCS#11 URI: pin-source and pin-value exclude each other");
  return uri;
}

std::string Uri::to_string() const {
  std::string text(scheme);
  Part path(text, "", ';');
  for (const auto& [name, member] : path_attributes) {
    if (this->*member) path.add(name, encoded(*(this->*member), false));
  }
  if (id) path.add("id", encoded_id(*id));
  if (slot_id) path.add("slot-id", std::to_string(*slot_id));
  Part query(text, "?", '&');
  for (const auto& [name, member] : query_attributes) {
    if (this->*member) query.add(name, encoded(*(this->*member), true));
  }
  return text;
}

Uri uri_of(const TokenInfo& token) {
  Uri uri;
  uri.token = token.label;
  uri.manufacturer = token.identity.manufacturer;
  uri.serial = token.identity.serial;
  uri.model = token.identity.model;
  return uri;
}

}  // namespace koshin::pkcs11
