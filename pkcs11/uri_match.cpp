// SPDX-License-Identifier: MIT
// Matching, attribute by attribute.
#include "pkcs11/uri_match.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace koshin::pkcs11 {
namespace {

bool fits(const std::optional<std::string>& wanted, const std::string& value) {
  return !wanted || *wanted == value;
}

std::string_view type_of(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::certificate:
      return "cert";
    case ObjectClass::public_key:
      return "public";
    case ObjectClass::private_key:
      return "private";
    case ObjectClass::other:
      break;
  }
  return "";
}

bool is_number(std::string_view text, unsigned wanted) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value == wanted;
}

/// "1.23", or "1" for 1.0: numbers, so that 1.05 is 1.5.
bool is_version(const std::string& text, unsigned major, unsigned minor) {
  const std::string_view whole = text;
  const auto dot = whole.find('.');
  const auto after = dot == std::string_view::npos ? std::string_view("0") : whole.substr(dot + 1);
  return is_number(whole.substr(0, dot), major) && is_number(after, minor);
}

}  // namespace

bool Uri::matches(const TokenInfo& info) const {
  return !unknown_path_attribute && fits(token, info.label) &&
         fits(manufacturer, info.identity.manufacturer) && fits(serial, info.identity.serial) &&
         fits(model, info.identity.model) && (!slot_id || *slot_id == info.slot);
}

bool Uri::matches(const TokenObject& candidate) const {
  return !unknown_path_attribute && fits(object, candidate.label) && (!id || *id == candidate.id) &&
         (!type || *type == type_of(candidate.object_class));
}

bool Uri::matches(const LibraryInfo& library) const {
  return !unknown_path_attribute && fits(library_manufacturer, library.manufacturer) &&
         fits(library_description, library.description) &&
         (!library_version || is_version(*library_version, library.major, library.minor));
}

bool Uri::matches(const SlotInfo& slot) const {
  return !unknown_path_attribute && fits(slot_description, slot.description) &&
         fits(slot_manufacturer, slot.manufacturer);
}

bool describes(const Uri& uri, Module& module, const TokenInfo& token) {
  const bool of_library = uri.library_manufacturer || uri.library_description || uri.library_version;
  const bool of_slot = uri.slot_description || uri.slot_manufacturer;
  return uri.matches(token) && (!of_library || uri.matches(module.library())) &&
         (!of_slot || uri.matches(module.slot(token.slot)));
}

bool is_module_path(const std::filesystem::path& wanted, const std::filesystem::path& file) {
  const auto plain = wanted.lexically_normal();
  const auto folder = plain.has_filename() ? plain : plain.parent_path();  // without a trailing slash
  return plain == file.lexically_normal() || folder == file.lexically_normal().parent_path();
}

bool is_module_name(const std::string& wanted, const std::filesystem::path& file) {
  std::string name = file.filename().string();
  const auto ending = name.find(".so");  // "libvendor-2.7.so.3" is "libvendor-2.7"
  name.resize(std::min(ending == std::string::npos ? name.rfind('.') : ending, name.size()));
  return name == wanted || name == "lib" + wanted;
}

}  // namespace koshin::pkcs11
