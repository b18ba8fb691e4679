// SPDX-License-Identifier: MIT
// USB devices as Linux shows them in /sys.
#include <algorithm>
#include <fstream>

#include "desk_check/checks.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

constexpr const char* smart_card_class = "0b";

/// The first line of a small file; empty when there is none.
std::string first_line(const fs::path& file) {
  std::string line;
  std::getline(std::ifstream(file), line);
  return line;
}

/// "1-2:1.0" is an interface of the device "1-2", whose name stands in a file of that device.
std::string name_of_device(const fs::path& interface) {
  const std::string name = interface.filename().string();
  const fs::path device = interface.parent_path() / name.substr(0, name.find(':'));
  const std::string product = first_line(device / "product");
  return product.empty() ? first_line(device / "idVendor") + ":" + first_line(device / "idProduct") : product;
}

}  // namespace

std::optional<std::vector<std::string>> usb_readers(const fs::path& buses) {
  std::error_code error;
  if (!fs::is_directory(buses, error)) return {};
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(buses / "usb/devices", error)) {
    if (first_line(entry.path() / "bInterfaceClass") == smart_card_class)
      names.push_back(name_of_device(entry.path()));
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace koshin::desk_check
