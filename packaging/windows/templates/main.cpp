// SPDX-License-Identifier: MIT
// usage: koshin-templates OUT     writes koshin.admx, CULTURE/koshin.adml, koshin-events.mc and
// koshin-names.rc into OUT.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "templates.hpp"

namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << content;
  out.close();
  if (!out) throw std::runtime_error(file.string() + ": cannot be written");
}

void write_all(const fs::path& folder) {
  using namespace koshin::templates;
  write(folder / "koshin.admx", policy_definitions());
  for (const WindowsLanguage& language : windows_languages)
    write(folder / language.culture / "koshin.adml", policy_words(language.language));
  write(folder / "koshin-events.mc", event_messages());
  write(folder / "koshin-names.rc", shown_names());
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count != 2) throw std::runtime_error("usage: koshin-templates OUT");
    write_all(arguments[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-templates: %s\n", error.what());
    return 1;
  }
}
