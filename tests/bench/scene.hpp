// SPDX-License-Identifier: MIT
// What is measured is run against: a bank, tokens whose certificates expire in 12 days, and fresh copies of
// them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::bench {

class Scene {
 public:
  /// `programs` is the folder of koshin's programs and ours.
  explicit Scene(std::filesystem::path programs);
  std::filesystem::path program(const std::string& name) const { return programs_ / name; }
  test::TestBank& bank() { return bank_; }
  /// The folder of the token with this kind of key ("ec", "rsa").
  std::filesystem::path token(const std::string& key) const { return hsm_.token_directory(key); }
  /// A further token whose certificate expires in 12 days, among so many certificates of other people.
  void add_token(const std::string& key, int others);
  /// The fingerprint of the token's own certificate.
  const std::string& certificate(const std::string& key) const { return certificates_.at(key); }
  std::filesystem::path next_folder() { return path_ / ("run" + std::to_string(++runs_)); }

 private:
  std::filesystem::path programs_;
  test::TemporaryDirectory temporary_;
  std::filesystem::path path_ = temporary_.path();
  test::SoftHsm hsm_;
  test::TestBank bank_;
  std::map<std::string, std::string> certificates_;
  unsigned runs_ = 0;
};

/// A copy of a token and a user of its own, with an empty journal, removed at the end. This process's
/// environment points there meanwhile.
class Sandbox {
 public:
  /// `module` is what the programs load: SoftHSM, or a spy in front of it.
  Sandbox(Scene& scene, const std::string& key, const std::filesystem::path& module);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path output() const { return path_ / "output"; }

  /// `koshin renew` as a person's script would call it. Milliseconds.
  double run_koshin();
  /// The worker alone; `wrapper` comes before it on the command line.
  double run_worker(std::vector<std::string> wrapper = {});
  double run_shell();
  /// Another token beside the first one.
  void insert(const std::string& key);
  /// `koshin` with these arguments and the settings, which gets the PIN.
  double run_koshin(std::vector<std::string> arguments);
  /// A worker that looks at all tokens, as the agent has it look when a card is inserted.
  double run_look();

 private:
  double run_job(const messages::Job& job, std::vector<std::string> wrapper);

  Scene& scene_;
  std::string key_;
  std::filesystem::path module_, path_, settings_;
  std::unique_ptr<test::ScopedEnvironment> environment_;
};

/// The measurements, each in a file of its own. Add another here and in main.cpp's table.
class Report;
void measure_token_calls(Scene& scene, Report& report);
void measure_growth(Scene& scene, Report& report);
void measure_wall_time(Scene& scene, Report& report);
void measure_memory(Scene& scene, Report& report);

}  // namespace koshin::bench
