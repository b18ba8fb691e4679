// SPDX-License-Identifier: MIT
// What a trial has left, in words: how a loss came about is read from it.
#include <sstream>

#include "enrollment/x509/certificate.hpp"
#include "faults/objects.hpp"
#include "faults/trial.hpp"
#include "foundation/base/text.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::faults {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t short_digest = 8;
constexpr std::size_t most_records = 100;

std::string digest(const std::vector<std::uint8_t>& bytes) {
  return bytes.empty() ? "-" : enrollment::sha256_of(pkcs11::ByteView(bytes)).substr(0, short_digest);
}

const char* name_of(pkcs11::ObjectClass object_class) {
  switch (object_class) {
    case pkcs11::ObjectClass::certificate:
      return "certificate";
    case pkcs11::ObjectClass::public_key:
      return "public key ";
    case pkcs11::ObjectClass::private_key:
      return "private key";
    case pkcs11::ObjectClass::other:
      break;
  }
  return "other      ";
}

void tell_of_token(std::ostream& out) {
  for (const auto& object : objects_on_token()) {
    out << "  " << name_of(object.object_class) << " CKA_ID " << to_hex(object.id) << " key "
        << digest(object.public_key) << " certificate " << digest(object.certificate) << "\n";
  }
}

void tell_of_journal(const fs::path& file, std::ostream& out) {
  for (const auto& record : renewal::Journal::open(file)->history(most_records)) {
    out << "  " << record.number << " " << renewal::to_string(record.state) << " CKA_ID "
        << to_hex(record.key_id) << " key " << digest(record.public_key) << " certificate "
        << digest(record.certificate) << " old " << record.old_sha256.substr(0, short_digest)
        << (record.pair_sent ? ", sent" : "") << (record.pair_refused ? ", refused" : "");
    if (record.last_failure)
      out << ", " << info(record.last_failure->reason).id << ": " << record.last_failure->detail;
    out << "\n";
  }
}

bool is_a_journal(const fs::path& file) {
  const auto name = file.filename().string();
  const bool named = name.starts_with("journal") || name.starts_with("backup");
  return named && !name.ends_with("-wal") && !name.ends_with("-shm");
}

}  // namespace

std::string Trial::remains() const {
  std::ostringstream out;
  for (const auto& entry : diary_) out << "  " << entry << "\n";
  out << "the old certificate is " << digest(stage_.certificate()) << "; the bank has issued "
      << stage_.bank().issued() - issued_before_ << ". The token holds\n";
  tell_of_token(out);
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    if (!entry.is_regular_file() || !is_a_journal(entry.path())) continue;
    out << fs::relative(entry.path(), path_).string() << " says\n";
    try {
      tell_of_journal(entry.path(), out);
    } catch (const FailureError& error) {
      out << "  " << error.failure().detail << "\n";
    }
  }
  return out.str();
}

}  // namespace koshin::faults
