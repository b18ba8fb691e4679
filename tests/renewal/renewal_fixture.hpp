// SPDX-License-Identifier: MIT
// The jobs of the worker, in this process, against SoftHSM and the stand-in bank. Nothing on the token may be
// changed or deleted that was there before, unless a test says so: the fixture compares object files.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/jobs/jobs.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {

/// A process that dies right before or right after a journal entry becomes durable. No std::exception, so
/// that nothing on the way out can handle it.
struct Killed {};

/// Passes everything on, until its time has come.
class DyingJournal final : public renewal::Journal {
 public:
  enum class When { never, before, after, full };  ///< full: no room from there on
  DyingJournal(std::unique_ptr<renewal::Journal> inner, When when, int save)
      : inner_(std::move(inner)), when_(when), save_(save) {}
  std::optional<renewal::Record> unfinished(const renewal::TokenKey& token) override {
    return inner_->unfinished(token);
  }
  std::vector<renewal::Record> all_unfinished() override { return inner_->all_unfinished(); }
  void save(renewal::Record& record) override {
    ++saves_;
    if (when_ == When::before && saves_ == save_) throw Killed{};
    if (when_ == When::full && saves_ >= save_) fail(Reason::disk_full, "no room for the journal");
    inner_->save(record);
    if (when_ == When::after && saves_ == save_) throw Killed{};
  }
  std::vector<renewal::Record> history(std::size_t limit) override { return inner_->history(limit); }
  std::vector<renewal::Record> history_of(const renewal::TokenKey& token, std::size_t limit) override {
    return inner_->history_of(token, limit);
  }
  std::optional<renewal::TokenMemory> memory(const renewal::TokenKey& token, std::string_view bank) override {
    return inner_->memory(token, bank);
  }
  std::vector<renewal::TokenMemory> memories() override { return inner_->memories(); }
  void remember(const renewal::TokenKey& token, std::string_view bank,
                const std::function<void(renewal::TokenMemory&)>& change) override {
    inner_->remember(token, bank, change);
  }
  bool mailed(std::string_view certificate, std::string_view threshold) override {
    return inner_->mailed(certificate, threshold);
  }
  void remember_mailed(std::string_view certificate, std::string_view threshold, TimePoint sent) override {
    inner_->remember_mailed(certificate, threshold, sent);
  }
  int saves() const { return saves_; }

 private:
  std::unique_ptr<renewal::Journal> inner_;
  When when_;
  int save_;
  int saves_ = 0;
};

/// How a job ended, and what it said on the way.
struct Ending {
  std::optional<messages::Event> result;
  std::optional<Failure> failure;
  bool killed = false;
  int saves = 0;
  std::vector<messages::Event> events;

  template <typename Result>
  const Result& as() const {
    if (!result) throw std::runtime_error("failed: " + failure.value_or(Failure{}).detail);
    return std::get<Result>(*result);
  }
  /// "pin_incorrect", "completed", "pending", "dry_run", "killed", …
  std::string name() const;
  /// "generate_key_pair", "write (resumed)", … of every step that ended.
  std::vector<std::string> steps() const;
  std::vector<std::string> notices() const;
};

class RenewalTest : public ::testing::Test {
 protected:
  RenewalTest();
  ~RenewalTest() override;

  /// A token "demo" whose certificate expires in so many days.
  Bytes provision_token(pkcs11::KeyAlgorithm algorithm = pkcs11::KeyAlgorithm::ec_p256, int days_left = 12,
                        const std::string& cn = default_user, const std::string& san = "");
  Ending run(messages::JobKind kind, const std::function<void(messages::Job&)>& change = {});
  Ending renew() { return run(messages::JobKind::renew); }
  Ending force() {
    return run(messages::JobKind::renew, [](auto& job) { job.force = true; });
  }
  Ending unattended() {
    return run(messages::JobKind::renew, [](auto& job) { job.unattended = true; });
  }
  Ending cancel(bool keep_key = false) {
    return run(messages::JobKind::cancel, [&](auto& job) { job.keep_key = keep_key; });
  }
  /// Renews until right after that many journal entries.
  void stop_after(int saves) {
    die_when = DyingJournal::When::after;
    die_at = saves;
    ASSERT_EQ(renew().name(), "killed");
    die_when = DyingJournal::When::never;
  }
  std::unique_ptr<renewal::Journal> journal() const {
    return renewal::Journal::open(directory.path() / "journal.sqlite");
  }
  std::optional<renewal::Record> unfinished() const;
  renewal::Record last() const { return journal()->history(1).front(); }

  struct Contents {
    std::vector<pkcs11::TokenObject> certificates, private_keys, public_keys;
  };
  Contents contents(const std::string& label = "demo");
  std::uint64_t slot_of(const std::string& label) const;
  /// Exactly the old pair and one new pair with one certificate, all three under one CKA_ID, the old one
  /// untouched.
  void expect_renewed(const Bytes& old_certificate);

  /// From here on these object files may not change.
  void protect_objects();
  void allow_destruction() { protected_.clear(); }

  TemporaryDirectory directory;
  SoftHsm hsm;
  TestBank bank;
  Settings settings;
  std::string pin = SoftHsm::default_pin;
  std::string so_pin, passphrase, reissue_code;
  std::chrono::seconds clock_offset{0};
  DyingJournal::When die_when = DyingJournal::When::never;
  int die_at = 0;

 private:
  std::map<std::filesystem::path, std::string> object_files() const;
  std::map<std::filesystem::path, std::string> protected_;
};

}  // namespace koshin::test
