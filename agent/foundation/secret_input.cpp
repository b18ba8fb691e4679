// SPDX-License-Identifier: MIT
// Secrets from pipes and files.
#include "foundation/secret_input.hpp"

#include <stdexcept>
#include <system_error>

#include "foundation/descriptor.hpp"
#include "foundation/file_access.hpp"
#include "foundation/text.hpp"

namespace koshin {
namespace {

[[noreturn]] void too_long() {
  fail(Reason::pin_length_invalid, "longer than " + std::to_string(messages::max_secret) + " bytes");
}

/// Opens a secret file and turns what can be wrong with it into failures.
GuardedFile open_secret_file(const std::filesystem::path& path, Reason when_unsafe, Reason when_missing) {
  try {
    auto file = GuardedFile::open(path, Guard::read);
    if (!file) fail(when_missing, path.string() + ": there is no such file");
    return std::move(*file);
  } catch (const UnsafeFile& error) {
    fail(when_unsafe, error.what());
  } catch (const std::system_error& error) {
    fail(when_missing, error.what());
  }
}

/// The first line of what is in `buffer`, without its newline.
void keep_first_line(SecureBuffer& buffer) {
  const std::string_view text(buffer.view().data(), buffer.size());
  std::size_t size = std::min(text.find('\n'), text.size());
  if (size > 0 && text[size - 1] == '\r') --size;
  buffer.resize(size);
}

}  // namespace

SecureBuffer read_secret_line(int descriptor) {
  SecureBuffer secret(messages::max_secret + 1);  // room for the CR of a line that ends in CR LF
  try {
    secret.resize(read_line_unbuffered(descriptor, secret.writable()).size);
  } catch (const std::length_error&) {
    too_long();
  } catch (const std::system_error& error) {
    fail(Reason::pin_required, std::string("cannot read it: ") + error.what());
  }
  keep_first_line(secret);
  if (secret.empty()) fail(Reason::pin_required, "the line was empty");
  if (secret.size() > messages::max_secret) too_long();
  return secret;
}

SecureBuffer read_secret_file(const std::filesystem::path& path, Reason when_unsafe, Reason when_missing) {
  GuardedFile file = open_secret_file(path, when_unsafe, when_missing);
  SecureBuffer secret(messages::max_secret + 2);  // and CR LF
  std::size_t size = 0;
  try {
    while (const std::size_t count = file.read(secret.writable().subspan(size))) size += count;
  } catch (const std::system_error& error) {
    fail(when_missing, path.string() + ": " + error.what());
  }
  secret.resize(size);
  keep_first_line(secret);
  if (secret.empty()) fail(when_missing, path.string() + ": this file is empty");
  if (secret.size() > messages::max_secret) too_long();
  return secret;
}

std::filesystem::path pin_source_file(std::string_view source) {
  const auto refuse = [&](const std::string& why) { fail(Reason::pin_required, "pin-source " + why); };
  std::string_view path = source;
  if (source.starts_with('|')) refuse("names a command, which is not run: name a file");
  if (source.starts_with("file:")) {
    path.remove_prefix(5);
    constexpr std::string_view local_host = "//localhost/";
    if (path.starts_with(local_host)) path.remove_prefix(local_host.size() - 1);
    if (path.starts_with("///")) path.remove_prefix(2);
  }
  const auto decoded = source.starts_with("file:") ? percent_decode(path) : std::string(path);
  if (!decoded || !decoded->starts_with('/') || decoded->starts_with("//") ||
      decoded->find('\0') != std::string::npos) {
    refuse("must be an absolute path or a file: URI");
  }
  return *decoded;
}

SecureBuffer read_pin_source(std::string_view source) {
  return read_secret_file(pin_source_file(source), Reason::pin_source_unsafe, Reason::pin_required);
}

std::string pin_source_stamp(std::string_view source) {
  return open_secret_file(pin_source_file(source), Reason::pin_source_unsafe, Reason::pin_required).stamp();
}

}  // namespace koshin
