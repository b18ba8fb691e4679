// SPDX-License-Identifier: MIT
// A journal in a folder of its own, and records to put into it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "renewal/journal/journal.hpp"
#include "report_builder.hpp"
#include "support/raw_journal.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {

inline const renewal::TokenKey token_a{"KeyManager", "Model", "serial-a"};
inline const renewal::TokenKey token_b{"KeyManager", "Model", "serial-b"};

/// A record with everything in it that a renewal has by then.
inline renewal::Record record_of(const renewal::TokenKey& token, renewal::State state) {
  renewal::Record record;
  record.token = token;
  record.token_label = "demo";
  record.old_sha256 = std::string(64, 'a');
  record.key_algorithm = "ec-p256";
  record.state = state;
  record.key_id = {1, 2, 3, 0, 255};
  record.public_key = {10, 11};
  record.request = {20, 21, 22};
  record.certificate = {30, 0, 31};
  if (state == renewal::State::pending) record.ask_again = at("2026-11-22T23:00:00Z");
  record.started = at("2026-11-22T22:00:00Z");
  record.changed = at("2026-11-22T22:10:00Z");
  record.new_not_after = at("2027-11-22T22:10:00Z");
  return record;
}

class JournalTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "journal.sqlite"; }
  renewal::Journal& open() {
    journal_ = renewal::Journal::open(file());
    return *journal_;
  }
  renewal::Journal& reopen() {
    journal_.reset();
    return open();
  }
  renewal::Journal& journal() { return *journal_; }
  void close() { journal_.reset(); }

  Failure open_failure() {
    try {
      renewal::Journal::open(file());
    } catch (const FailureError& error) {
      return error.failure();
    }
    ADD_FAILURE() << "the journal was opened";
    return {};
  }
  static std::optional<Reason> reason_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const FailureError& error) {
      return error.failure().reason;
    }
    return {};
  }
  /// Behind the journal's back.
  void execute(const std::string& sql) { EXPECT_EQ(run_sql(file(), sql), SQLITE_OK) << sql; }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      names.push_back(entry.path().filename().string());
    return names;
  }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<renewal::Journal> journal_;
};

}  // namespace koshin::test
