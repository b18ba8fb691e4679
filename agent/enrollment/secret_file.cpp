// SPDX-License-Identifier: MIT
// Reading a password straight into wiped memory.
#include "enrollment/secret_file.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include "foundation/failure.hpp"
#include "foundation/file_access.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t max_password = 255;

std::size_t read_all(GuardedFile& file, std::span<char> into) {
  std::size_t size = 0;
  while (size < into.size()) {
    const std::size_t more = file.read(into.subspan(size));
    if (more == 0) break;
    size += more;
  }
  return size;
}

SecureBuffer read_first_line(const std::filesystem::path& path, const std::string& where) {
  auto file = GuardedFile::open(path, Guard::read);
  if (!file)
    fail(Reason::settings_invalid, where + ": no such file; it should hold the password in its first line");
  SecureBuffer secret(max_password + 2);
  const auto read = secret.writable().first(read_all(*file, secret.writable()));
  const auto line_end =
      std::ranges::find_if(read, [](char c) { return c == '\n' || c == '\r' || c == '\0'; });
  const auto length = static_cast<std::size_t>(line_end - read.begin());
  if (length > max_password)
    fail(Reason::settings_invalid, where + ": its first line is longer than 255 bytes");
  if (length == 0)
    fail(Reason::settings_invalid, where + ": its first line is empty; it should hold the password");
  secret.resize(length);
  return secret;
}

}  // namespace

SecureBuffer read_secret_file(const std::filesystem::path& file, std::string_view setting) {
  const std::string where = std::string(setting) + " " + file.string();
  try {
    return read_first_line(file, where);
  } catch (const UnsafeFile& unsafe) {
    fail(Reason::settings_unsafe, std::string(setting) + ": " + unsafe.what());
  } catch (const std::system_error& error) {
    fail(Reason::settings_invalid, where + ": " + error.what());
  }
}

}  // namespace koshin::enrollment
