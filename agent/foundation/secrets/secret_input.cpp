// SPDX-License-Identifier: MIT
// Secrets from pipes and files, and the validation of their bytes.
#include "foundation/secrets/secret_input.hpp"
#include "foundation/base/path_text.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "foundation/base/language.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/handle_io.hpp"

namespace koshin {
namespace {

std::string too_long(std::size_t limit) {
  return "longer than " + std::to_string(limit) + " bytes";
}

/// A kind of secret file: its name in messages, and its failure reasons.
struct SecretFile {
  std::string name;  ///< prefix of every detail: settings key and path
  Reason unsafe, missing, no_file, too_long, no_text;
  std::size_t limit;
  Guard guard = Guard::read;
};

SecretFile pin_source_at(const std::filesystem::path& path) {
  return {path.string(),
          Reason::pin_source_unsafe,
          Reason::pin_source_unusable,
          Reason::pin_source_unusable,
          Reason::pin_length_invalid,
          Reason::secret_unusable,
          max_pin};
}

/// The error without the path, which SecretFile::name contains already.
std::string without_path(const std::exception& error, const std::filesystem::path& path) {
  const std::string text = error.what();
  const std::string in_front = path.string() + ": ";
  return text.starts_with(in_front) ? text.substr(in_front.size()) : text;
}

/// Opens a secret file; converts errors to failures.
GuardedFile open_secret_file(const std::filesystem::path& path, const SecretFile& kind) {
  try {
    auto file = GuardedFile::open(path, kind.guard);
    if (!file) fail(kind.missing, kind.name + ": there is no such file");
    return std::move(*file);
  } catch (const NotAFile& error) {
    fail(kind.no_file, kind.name + ": " + without_path(error, path));
  } catch (const UnsafeFile& error) {
    fail(kind.unsafe, kind.name + ": " + without_path(error, path));
  } catch (const std::system_error& error) {
    fail(kind.missing, kind.name + ": " + without_path(error, path));
  }
}

/// Keeps the first line of `buffer`, without its newline.
void keep_first_line(SecureBuffer& buffer) {
  const std::string_view text(buffer.view().data(), buffer.size());
  std::size_t size = std::min(text.find('\n'), text.size());
  if (size > 0 && text[size - 1] == '\r') --size;
  buffer.resize(size);
}

/// The first line of the file.
SecureBuffer read_secret_file(const std::filesystem::path& path, const SecretFile& kind) {
  GuardedFile file = open_secret_file(path, kind);
  SecureBuffer secret(kind.limit + 2);  // with CR LF
  std::size_t size = 0;
  try {
    while (const std::size_t count = file.read(secret.writable().subspan(size))) size += count;
  } catch (const std::system_error& error) {
    fail(kind.missing, kind.name + ": " + error.what());
  }
  secret.resize(size);
  keep_first_line(secret);
  if (secret.empty()) fail(kind.missing, kind.name + ": its first line is empty, where the secret should be");
  if (secret.size() > kind.limit) fail(kind.too_long, kind.name + ": " + too_long(kind.limit));
  if (const std::string why = why_secret_is_no_text(secret.view()); !why.empty())
    fail(kind.no_text, kind.name + ": " + why);
  return secret;
}

}  // namespace

std::string why_secret_is_no_text(std::span<const char> secret) {
  const std::string_view text(secret.data(), secret.size());
  if (text.find('\0') != std::string_view::npos) return "it holds a zero byte, as UTF-16 text does";
  if (find_invalid_utf8(text)) return "it is not UTF-8 text: it came in another encoding";
  if (text.starts_with(byte_order_mark)) return "it begins with a byte order mark: save it without one";
  return {};
}

std::optional<Failure> secret_is_unusable(const SecureBuffer& secret) {
  std::string why = why_secret_is_no_text(secret.view());
  if (why.empty()) return std::nullopt;
  return Failure{.reason = Reason::secret_unusable, .detail = std::move(why), .retry_after = std::nullopt};
}

void check_secret_is_text(const SecureBuffer& secret) {
  if (auto why = secret_is_unusable(secret)) throw FailureError(std::move(*why));
}

void check_secret_was_typed_in_utf8(const SecureBuffer& secret) {
  check_secret_is_text(secret);
  const auto text = secret.view();
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
  // Shift_JIS or Latin-1 may be valid UTF-8 by chance: the locale's encoding decides.
  const std::string other = foreign_encoding_of_locale();
  if (!ascii && !other.empty())
    fail(Reason::secret_unusable, "it has characters beyond ASCII, and the locale's encoding is " + other +
                                      ": enter it where the encoding is UTF-8");
}

SecureBuffer read_secret_line(NativeHandle from) {
  SecureBuffer secret(max_secret + 1);  // room for the CR of a line that ends in CR LF
  try {
    secret.resize(read_line_unbuffered(from, secret.writable()).size);
  } catch (const std::length_error&) {
    fail(Reason::secret_unusable, too_long(max_secret));
  } catch (const std::system_error& error) {
    fail(Reason::pin_required, std::string("cannot read it: ") + error.what());
  }
  keep_first_line(secret);
  if (secret.empty()) fail(Reason::pin_required, "the line was empty");
  if (secret.size() > max_secret) fail(Reason::secret_unusable, too_long(max_secret));
  check_secret_was_typed_in_utf8(secret);
  return secret;
}

SecureBuffer read_password_file(const std::filesystem::path& file, std::string_view setting) {
  const std::string name = std::string(setting) + " " + file.string();
  return read_secret_file(
      file, {name, Reason::settings_unsafe, Reason::settings_invalid, Reason::settings_invalid,
             Reason::settings_invalid, Reason::settings_invalid, max_secret, Guard::shared_read});
}

std::filesystem::path pin_source_file(std::string_view source) {
  const auto refuse = [&](const std::string& why) { fail(Reason::pin_source_unusable, "pin-source " + why); };
  std::string_view path = source;
  if (source.starts_with('|')) refuse("names a command, which is not run: name a file");
  if (source.starts_with("file:")) {
    path.remove_prefix(5);
    constexpr std::string_view local_host = "//localhost/";
    if (path.starts_with(local_host)) path.remove_prefix(local_host.size() - 1);
    if (path.starts_with("///")) path.remove_prefix(2);
  }
  const auto decoded = source.starts_with("file:") ? percent_decode(path) : std::string(path);
  if (!decoded || decoded->starts_with("//") || decoded->find('\0') != std::string::npos)
    refuse("must be an absolute path or a file: URI");
  std::filesystem::path file = path_of(*decoded);
  // "file:///C:/pin" (RFC 8089, appendix E.2): the slash before a drive is the URI's.
  if (auto after = path_of(std::string_view(*decoded).substr(decoded->starts_with('/') ? 1 : 0));
      after.has_root_name())
    file = std::move(after);
  if (!file.is_absolute()) refuse("must be an absolute path or a file: URI");
  return file;
}

SecureBuffer read_pin_source(std::string_view source) {
  const auto path = pin_source_file(source);
  return read_secret_file(path, pin_source_at(path));
}

std::string pin_source_stamp(std::string_view source) {
  const auto path = pin_source_file(source);
  return open_secret_file(path, pin_source_at(path)).stamp();
}

}  // namespace koshin
