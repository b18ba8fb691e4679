// SPDX-License-Identifier: MIT
// The journal's tables. A change of the schema is one more script at the end of the list; existing scripts
// never change. A new state of records is no change of the schema (journal_states.hpp).
#include "renewal/journal/journal_scripts.hpp"

#include <string_view>

namespace koshin::renewal::schema {
namespace {

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

// A YubiKey for whose serial number ykcs11 shows zeros is known by the number at the end of its label since
// (serial_number_said() in pkcs11/quirks.hpp): entries of before, which token_key() had told apart by the
// label, are theirs. A token's entry that exists with the number already is the later one and stays.
std::string version_11_serial_numbers() {
  std::string all;
  for (const char* table : {"token_bank", "token", "renewal"}) {
    all += "UPDATE OR IGNORE " + std::string(table) +
           R"sql( SET serial = substr(serial, length(rtrim(serial, '0123456789')) + 1)
  WHERE manufacturer LIKE '%yubico%' AND model LIKE 'yubikey%'
    AND trim(substr(serial, 1, instr(serial, '|')), '0') = '|'
    AND rtrim(serial, '0123456789') LIKE '%#' AND serial NOT LIKE '%#';
)sql";
  }
  return all;
}

// What CHECKs held before: of a record and its state.
std::string version_11_triggers(std::string_view name, std::string_view event,
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
}

// The states of records are rows of a table, to which add_states() adds those of later koshins, instead of
// words in the constraints of `renewal`. The first eight stand here, before the records are copied: SQLite
// holds to REFERENCES on connections that ask for it, and there are builds of it in which all do. What CHECKs
// held before, triggers hold on every connection, since a CHECK cannot look into another table. The condition
// of an index cannot either, so `finished` of the state stands in the record as well. Whoever writes a record
// without it is an earlier koshin that is in the midst of a renewal while another process upgrades the file:
// a trigger fills it in after the change. (Too late for a finished record that is inserted beside an
// unfinished one of the same certificate: the index refuses it. No koshin inserts finished records.)
std::string version_11() {
  return version_11_serial_numbers() + R"sql(
CREATE TABLE state (
  name TEXT NOT NULL PRIMARY KEY,
  finished INTEGER NOT NULL CHECK (finished IN (0, 1)),
  public_key INTEGER NOT NULL CHECK (public_key IN (0, 1)),
  request INTEGER NOT NULL CHECK (request IN (0, 1)),
  certificate INTEGER NOT NULL CHECK (certificate IN (0, 1)),
  ask_again INTEGER NOT NULL CHECK (ask_again IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO state VALUES
  ('planned', 0, 0, 0, 0, 0), ('generated', 0, 1, 0, 0, 0), ('requested', 0, 1, 1, 0, 0), ('pending', 0, 1, 1, 0, 1),
  ('issued', 0, 1, 0, 1, 0), ('written', 0, 1, 0, 1, 0), ('completed', 1, 1, 0, 1, 0), ('abandoned', 1, 0, 0, 0, 0);
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
)sql" + version_11_triggers("renewal_inserted", "INSERT", "INSERT") +
         version_11_triggers("renewal_changed", "UPDATE", "UPDATE OF state, finished");
}

}  // namespace

std::array<std::string, 11> scripts() {
  return {version_1(), version_2, version_3(), version_4,  version_5,   version_6,
          version_7,   version_8, version_9,   version_10, version_11()};
}

}  // namespace koshin::renewal::schema
