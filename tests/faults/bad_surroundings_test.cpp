// SPDX-License-Identifier: MIT
// Modules, settings, journals and authorities that are not as they should be: each is told by its own reason,
// and nothing is lost.
#include "bad_input_fixture.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::faults {
namespace {

namespace fs = std::filesystem;

class BadModule : public BadInput {
 protected:
  void expect_module_failure(const std::string& path, Reason reason) {
    rewrite_settings("token.modules = [\"" + path + "\"]\nauthority.url = \"" + stage_.bank().url() + "\"\n");
    expect_failure(reason);
  }
};

TEST_F(BadModule, a_path_that_leads_nowhere_is_module_not_found) {
  expect_module_failure("/usr/lib/no-such-module.so", Reason::module_not_found);
}

TEST_F(BadModule, a_text_file_is_module_not_loadable) {
  const auto file = trial_.path() / "module.so";
  std::ofstream(file) << "this is no shared object\n";
  expect_module_failure(file.string(), Reason::module_not_loadable);
}

TEST_F(BadModule, a_library_that_is_no_pkcs11_module_is_module_incompatible) {
  expect_module_failure(journal_shim().string(), Reason::module_incompatible);
}

TEST_F(BadInput, settings_of_binary_garbage_are_settings_invalid) {
  std::string garbage;
  for (int i = 0; i < 4096; ++i) garbage += static_cast<char>((i * 7919) >> 3);
  rewrite_settings(garbage);
  const auto run = expect_failure(Reason::settings_invalid);
  EXPECT_THAT(std::get<Failure>(run.last).detail, testing::HasSubstr("koshin.toml:1:"));
}

TEST_F(BadInput, P2_a_damaged_journal_is_found_before_a_wrong_pin_is_presented) {
  using messages::JobKind;
  for (const auto kind : {JobKind::renew, JobKind::enroll, JobKind::prune}) {
    for (const bool dry_run : {false, true}) {
      std::ofstream(paths::journal_file(), std::ios::trunc) << "no database: " << std::string(4096, 'x');
      messages::Job job;
      job.kind = kind;
      job.force = true;
      job.dry_run = dry_run;
      const auto run = trial_.run(job, {}, std::chrono::seconds(60), {}, "87654321", "code");
      EXPECT_EQ(run.failure(), Reason::journal_unusable) << to_json(run.last);
      expect_no_try(run);
    }
  }
}

/// A bank whose TLS server is wrong somehow, before anything happened on the token.
class BadAuthority : public BadInput {
 protected:
  void expect_authority_failure(test::TestBank& bank, const fs::path& anchors, Reason reason) {
    rewrite_settings("token.modules = [\"" + fault_module().string() +
                     "\"]\nauthority.attempts = 1\nauthority.url = \"" + bank.url() +
                     "\"\nauthority.trust_anchors = \"" + anchors.string() + "\"\n");
    const auto run = expect_failure(reason);
    EXPECT_EQ(run.calls.calls("C_GenerateKeyPair"), 0U);
  }

  fs::path bank_directory() { return stage_.bank().anchors().parent_path(); }
};

TEST_F(BadAuthority, another_name_is_authority_name_mismatch) {
  test::TestBank::Options options;
  options.switches = {{"server_name", "elsewhere.example"}};
  test::TestBank bank(bank_directory(), options);
  expect_authority_failure(bank, bank.anchors(), Reason::authority_name_mismatch);
}

TEST_F(BadAuthority, an_unknown_chain_is_authority_untrusted) {
  const test::TestBank stranger(trial_.path() / "stranger");
  expect_authority_failure(stage_.bank(), stranger.anchors(), Reason::authority_untrusted);
}

TEST_F(BadAuthority, an_expired_certificate_is_authority_certificate_expired) {
  test::TestBank::Options options;
  options.switches = {{"server_expired", "1"}};
  test::TestBank bank(bank_directory(), options);
  expect_authority_failure(bank, bank.anchors(), Reason::authority_certificate_expired);
}

TEST_F(BadAuthority, nobody_listening_is_authority_unreachable) {
  std::string url;
  fs::path anchors;
  auto gone = std::make_unique<test::TestBank>(bank_directory());
  url = gone->url();
  anchors = gone->anchors();
  gone.reset();
  rewrite_settings("token.modules = [\"" + fault_module().string() +
                   "\"]\nauthority.attempts = 1\nauthority.url = \"" + url +
                   "\"\nauthority.trust_anchors = \"" + anchors.string() + "\"\n");
  EXPECT_EQ(expect_failure(Reason::authority_unreachable).calls.calls("C_GenerateKeyPair"), 0U);
}

}  // namespace
}  // namespace koshin::faults
