// SPDX-License-Identifier: MIT
// The journal's tables. A change of the schema is one more script at the end of the list; existing scripts
// never change. A new state of records is no change of the schema (journal_states.hpp).
#include "renewal/journal/journal_schema.hpp"

#include <array>
#include <string>
#include <string_view>
#include <tuple>

#include "foundation/failures/failure.hpp"
#include "renewal/journal/journal_states.hpp"

namespace koshin::renewal::schema {
namespace {

constexpr std::int64_t application_id = 0x6b6f7368;  // "kosh"

/// Constraints tie state and content together: `requested`, for example, requires a request. Finished
/// renewals stay as history.
std::string renewal_table(std::string_view name, std::string_view no_request_in, std::string_view more) {
  return "CREATE TABLE " + std::string(name) + R"sql( (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  manufacturer TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  token_label TEXT NOT NULL,
  enrollment INTEGER NOT NULL CHECK (enrollment IN (0, 1)),
  old_sha256 TEXT NOT NULL CHECK (length(old_sha256) IN (0, 64)),
  key_algorithm TEXT NOT NULL,
  same_key INTEGER NOT NULL CHECK (same_key IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('planned', 'generated', 'requested', 'pending', 'issued', 'written',
                                       'completed', 'abandoned')),
  key_id BLOB NOT NULL CHECK (length(key_id) BETWEEN 1 AND 255),
  public_key BLOB CHECK (public_key IS NOT NULL OR state IN ('planned', 'abandoned')),
  request BLOB CHECK (request IS NOT NULL OR state IN ()sql" +
         std::string(no_request_in) + R"sql()),
  certificate BLOB CHECK (certificate IS NOT NULL OR state NOT IN ('issued', 'written', 'completed')),
  ask_again INTEGER CHECK (ask_again IS NOT NULL OR state <> 'pending'),
  failure_reason TEXT,
  failure_detail TEXT,
  failure_retry_after INTEGER,
  started INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  new_not_after INTEGER NOT NULL)sql" +
         std::string(more) + "\n) STRICT;\n";
}

std::string version_1() {
  return renewal_table("renewal", "'planned', 'generated', 'abandoned'", "") + R"sql(
CREATE UNIQUE INDEX one_unfinished_renewal_per_token ON renewal (manufacturer, model, serial)
  WHERE state NOT IN ('completed', 'abandoned');
CREATE TABLE token (
  manufacturer TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  label TEXT NOT NULL,
  module TEXT NOT NULL,
  certificate_sha256 TEXT NOT NULL,
  last_seen INTEGER,
  not_after INTEGER,
  snoozed_at INTEGER,
  last_notified INTEGER,
  last_decision TEXT NOT NULL,
  notified_threshold TEXT NOT NULL,
  pin_source_refused INTEGER NOT NULL CHECK (pin_source_refused IN (0, 1)),
  pin_source_stamp TEXT NOT NULL,
  PRIMARY KEY (manufacturer, model, serial)
) STRICT, WITHOUT ROWID;
)sql";
}

// Mails that were sent: one row for each certificate and reminder threshold.
constexpr const char* version_2 = R"sql(
CREATE TABLE mail (
  certificate_sha256 TEXT NOT NULL,
  threshold TEXT NOT NULL,
  sent INTEGER NOT NULL,
  PRIMARY KEY (certificate_sha256, threshold)
) STRICT, WITHOUT ROWID;
)sql";

// Sent and refused requests, and counts of wrong answers. Tokens that share manufacturer, model and serial
// number may each have an unfinished renewal; the token's objects show which renewal belongs to it. A
// certificate that another computer has written is recorded without its request.
std::string version_3() {
  return renewal_table("renewal_3", "'planned', 'generated', 'issued', 'written', 'completed', 'abandoned'",
                       R"sql(,
  pair_sent INTEGER NOT NULL CHECK (pair_sent IN (0, 1)),
  pair_refused INTEGER NOT NULL CHECK (pair_refused IN (0, 1)),
  wrong_answer TEXT,
  wrong_answers INTEGER NOT NULL CHECK (wrong_answers >= 0))sql") +
         R"sql(
INSERT INTO renewal_3 SELECT renewal.*, request IS NOT NULL AND state <> 'pending' AND failure_reason IS NOT 'authority_refused',
  0, NULL, 0 FROM renewal;
DROP TABLE renewal;
ALTER TABLE renewal_3 RENAME TO renewal;
CREATE UNIQUE INDEX one_unfinished_renewal_per_certificate
  ON renewal (manufacturer, model, serial, token_label, old_sha256) WHERE state NOT IN ('completed', 'abandoned');
)sql";
}

// Enrolments of several people may be unfinished on one token: an enrolment has no old certificate that
// identifies it.
constexpr const char* version_4 = R"sql(
DROP INDEX one_unfinished_renewal_per_certificate;
CREATE UNIQUE INDEX one_unfinished_renewal_per_certificate
  ON renewal (manufacturer, model, serial, token_label, old_sha256)
  WHERE state NOT IN ('completed', 'abandoned') AND enrollment = 0;
CREATE UNIQUE INDEX one_unfinished_enrolment_per_pair
  ON renewal (manufacturer, model, serial, token_label, key_id)
  WHERE state NOT IN ('completed', 'abandoned') AND enrollment = 1;
)sql";

// Protocol state that belongs to a request.
constexpr const char* version_5 = "ALTER TABLE renewal ADD COLUMN exchange_state BLOB;\n";

// The snapshot taken with the PIN, as a worker message; and the certificate of the last notification, apart
// from the certificate of the last decision.
constexpr const char* version_6 = R"sql(
ALTER TABLE token ADD COLUMN told_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN looked_at INTEGER;
ALTER TABLE token ADD COLUMN looked TEXT NOT NULL DEFAULT '';
UPDATE token SET told_sha256 = certificate_sha256;
)sql";

// Several banks: the bank of a renewal, and each bank's decision and notifications about a token. Existing
// rows belong to the bank without a name. Also the mail address of the certificate's holder.
constexpr const char* version_7 = R"sql(
ALTER TABLE renewal ADD COLUMN bank TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN email TEXT NOT NULL DEFAULT '';
CREATE TABLE token_bank (
  manufacturer TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  bank TEXT NOT NULL CHECK (bank <> ''),
  certificate_sha256 TEXT NOT NULL,
  not_after INTEGER,
  snoozed_at INTEGER,
  last_notified INTEGER,
  last_decision TEXT NOT NULL,
  notified_threshold TEXT NOT NULL,
  told_sha256 TEXT NOT NULL,
  email TEXT NOT NULL,
  PRIMARY KEY (manufacturer, model, serial, bank)
) STRICT, WITHOUT ROWID;
)sql";

// token_key() of tokens whose serial number says nothing has the label since: entries of before are theirs. A
// token's entry that exists with the label already is the later one and stays.
constexpr const char* version_8 = R"sql(
UPDATE OR IGNORE token_bank SET serial = token_bank.serial || '|' || token.label FROM token
  WHERE token.manufacturer = token_bank.manufacturer AND token.model = token_bank.model
    AND token.serial = token_bank.serial AND (trim(token_bank.serial, ' 0') = '' OR token_bank.serial = '123');
UPDATE OR IGNORE token SET serial = serial || '|' || label WHERE trim(serial, ' 0') = '' OR serial = '123';
UPDATE OR IGNORE renewal SET serial = serial || '|' || token_label
  WHERE trim(serial, ' 0') = '' OR serial = '123';
)sql";

// What the certificate of a decision is for. Those of before were for logging in.
constexpr const char* version_9 = R"sql(
ALTER TABLE token ADD COLUMN purpose TEXT NOT NULL DEFAULT 'log_in';
ALTER TABLE token_bank ADD COLUMN purpose TEXT NOT NULL DEFAULT 'log_in';
)sql";

// The certificate that a renewal overwrites on the token, to be written back where the new one does not log
// in.
constexpr const char* version_10 = "ALTER TABLE renewal ADD COLUMN replaced_certificate BLOB;\n";

// The states of records are rows of a table, which add_states() fills, instead of words in the constraints of
// `renewal`. What CHECKs held before, triggers hold, since a CHECK cannot look into another table. (SQLite
// holds to REFERENCES only on connections that ask for it, to a trigger on all.) The condition of an index
// cannot either, so `finished` of the state stands in the record as well. Whoever writes a record without it
// is an earlier koshin that is in the midst of a renewal while another process upgrades the file: a trigger
// helps.
std::string version_11() {
  const auto triggers = [](std::string_view name, std::string_view event,
                           std::string_view event_of_finished) {
    return "CREATE TRIGGER " + std::string(name) + "_with_content AFTER " + std::string(event) +
           R"sql( ON renewal
  WHEN NOT EXISTS (SELECT 1 FROM state WHERE state.name = NEW.state
    AND (NOT state.public_key OR NEW.public_key IS NOT NULL)
    AND (NOT state.request OR NEW.request IS NOT NULL)
    AND (NOT state.certificate OR NEW.certificate IS NOT NULL)
    AND (NOT state.ask_again OR NEW.ask_again IS NOT NULL))
  BEGIN SELECT RAISE(ABORT, 'a renewal lacks what its state requires'); END;
CREATE TRIGGER )sql" +
           std::string(name) + "_finished AFTER " + std::string(event_of_finished) + R"sql( ON renewal
  WHEN NEW.finished IS NOT (SELECT finished FROM state WHERE name = NEW.state)
  BEGIN
    UPDATE renewal SET finished = (SELECT finished FROM state WHERE name = NEW.state) WHERE number = NEW.number;
  END;
)sql";
  };
  return R"sql(
CREATE TABLE state (
  name TEXT NOT NULL PRIMARY KEY,
  finished INTEGER NOT NULL CHECK (finished IN (0, 1)),
  public_key INTEGER NOT NULL CHECK (public_key IN (0, 1)),
  request INTEGER NOT NULL CHECK (request IN (0, 1)),
  certificate INTEGER NOT NULL CHECK (certificate IN (0, 1)),
  ask_again INTEGER NOT NULL CHECK (ask_again IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE renewal_11 (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  manufacturer TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  token_label TEXT NOT NULL,
  enrollment INTEGER NOT NULL CHECK (enrollment IN (0, 1)),
  old_sha256 TEXT NOT NULL CHECK (length(old_sha256) IN (0, 64)),
  key_algorithm TEXT NOT NULL,
  same_key INTEGER NOT NULL CHECK (same_key IN (0, 1)),
  state TEXT NOT NULL REFERENCES state (name),
  finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  key_id BLOB NOT NULL CHECK (length(key_id) BETWEEN 1 AND 255),
  public_key BLOB,
  request BLOB,
  certificate BLOB,
  ask_again INTEGER,
  failure_reason TEXT,
  failure_detail TEXT,
  failure_retry_after INTEGER,
  started INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  new_not_after INTEGER NOT NULL,
  pair_sent INTEGER NOT NULL CHECK (pair_sent IN (0, 1)),
  pair_refused INTEGER NOT NULL CHECK (pair_refused IN (0, 1)),
  wrong_answer TEXT,
  wrong_answers INTEGER NOT NULL CHECK (wrong_answers >= 0),
  exchange_state BLOB,
  bank TEXT NOT NULL,
  replaced_certificate BLOB
) STRICT;
INSERT INTO renewal_11 SELECT number, manufacturer, model, serial, token_label, enrollment, old_sha256,
  key_algorithm, same_key, state, state IN ('completed', 'abandoned'), key_id, public_key, request,
  certificate, ask_again, failure_reason, failure_detail, failure_retry_after, started, changed,
  new_not_after, pair_sent, pair_refused, wrong_answer, wrong_answers, exchange_state, bank,
  replaced_certificate FROM renewal;
DROP TABLE renewal;
ALTER TABLE renewal_11 RENAME TO renewal;
CREATE UNIQUE INDEX one_unfinished_renewal_per_certificate
  ON renewal (manufacturer, model, serial, token_label, old_sha256) WHERE finished = 0 AND enrollment = 0;
CREATE UNIQUE INDEX one_unfinished_enrolment_per_pair
  ON renewal (manufacturer, model, serial, token_label, key_id) WHERE finished = 0 AND enrollment = 1;
)sql" + triggers("renewal_inserted", "INSERT", "INSERT") +
         triggers("renewal_changed", "UPDATE", "UPDATE OF state, finished");
}

std::array<std::string, 11> scripts() {
  return {version_1(), version_2, version_3(), version_4,  version_5,   version_6,
          version_7,   version_8, version_9,   version_10, version_11()};
}

void refuse_foreign(const sqlite::Database& database, std::int64_t version,
                    const std::filesystem::path& file) {
  if (version > current_version) {
    fail(Reason::journal_unusable, file.string() + " was written by a newer koshin (schema " +
                                       std::to_string(version) + ", this one knows " +
                                       std::to_string(current_version) +
                                       "): install that version again, nothing was changed");
  }
  const std::int64_t id = database.pragma_number("PRAGMA application_id");
  const bool empty = database.pragma_number("SELECT count(*) FROM sqlite_schema") == 0;
  if (version < 0 || (id != application_id && !empty)) {
    fail(Reason::journal_unusable, file.string() + " is a database of another program: move it away");
  }
}

}  // namespace

const int current_version = static_cast<int>(std::tuple_size_v<decltype(scripts())>);

void require_current(const sqlite::Database& database, const std::filesystem::path& file) {
  const std::int64_t version = database.pragma_number("PRAGMA user_version");
  refuse_foreign(database, version, file);
  if (version != current_version)
    fail(Reason::journal_unusable, file.string() + " was written by an older koshin (schema " +
                                       std::to_string(version) +
                                       "): the next renewal brings it up to date, nothing was changed");
  require_known_states(database, file);
}

void migrate(const sqlite::Database& database, const std::filesystem::path& file) {
  if (database.pragma_number("PRAGMA user_version") == current_version &&
      database.pragma_number("PRAGMA application_id") == application_id && has_all_states(database)) {
    require_known_states(database, file);
    return;
  }
  sqlite::Transaction transaction(database);
  // Read again under the lock: another process may have migrated meanwhile.
  const std::int64_t version = database.pragma_number("PRAGMA user_version");
  refuse_foreign(database, version, file);
  const auto all = scripts();
  for (auto next = static_cast<std::size_t>(version); next < all.size(); ++next)
    database.execute(all.at(next).c_str());
  add_states(database);
  require_known_states(database, file);
  database.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
  database.execute(("PRAGMA user_version = " + std::to_string(current_version)).c_str());
  transaction.commit();
}

}  // namespace koshin::renewal::schema
