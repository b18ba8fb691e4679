// SPDX-License-Identifier: MIT
// Modules that nobody here wrote, killed within the calls that make and delete objects: a TPM's with its
// store in SQLite, opencryptoki's with its files and shared memory. When in the call a seed chooses.
#include <chrono>
#include <map>
#include <random>
#include <thread>

#include "faults/call_log.hpp"
#include "faults/fault_plan.hpp"
#include "faults/sweep.hpp"
#include "module_services.hpp"
#include "other_modules.hpp"
#include "support/environment.hpp"

namespace koshin::cards {
namespace {

using pkcs11::KeyAlgorithm;
using std::chrono::microseconds;

constexpr const char* service_pin = "73519264";
/// Kills of a run, unless all are asked for.
constexpr unsigned kills_of_a_run = 6, all_kills = 60;

class ServiceSweep : public OtherModules {
 protected:
  /// koshin's jobs see `module` through the fault module. Every certificate is due: a trial follows another.
  void use(const fs::path& module, KeyAlgorithm algorithm) {
    module_ = module;
    stage.provision(module, "", token_label, service_pin, algorithm);
    stage.use_module(faults::fault_module().string(), "renewal.window = \"P5Y\"\n");
  }
  /// What a kill destroys of `service`'s own is put back: no program could go on with it.
  void use(const OpenCryptoki& service, const fs::path& module) {
    service_ = &service;
    use(module, KeyAlgorithm::rsa_2048);
  }

  void sweep(const std::string& name) {
    measure();
    const std::string wanted = faults::wanted_of_the_long_ones();
    const auto seed = faults::number_of_commit(wanted);
    const unsigned count = wanted == "all" ? all_kills : kills_of_a_run;
    std::cout << name << ": kills with the seed " << seed << std::endl;
    std::mt19937_64 random(seed);
    faults::Tally tally;
    for (unsigned i = 0; i < count && !HasFatalFailure(); ++i) {
      const char* const function = functions[i % std::size(functions)];
      const auto longest = static_cast<unsigned long>(times_[function].count());
      const microseconds later(1 + static_cast<long>(random() % (longest + 1)));
      const bool deletes = std::string_view(function) == "C_DestroyObject";
      const unsigned number = deletes ? 1 + static_cast<unsigned>(random() % objects_of_a_pair) : 1;
      const Losses losses = deletes ? kill_deletion(number, later) : kill_renewal(function, later);
      tally.add("killed " + std::to_string(later.count()) + " us after the beginning of " + function +
                    " number " + std::to_string(number),
                losses);
    }
    if (put_back_ > 0)
      std::cout << name << ": the module itself destroyed its token " << put_back_
                << " times, and the token was put back as it had been before" << std::endl;
    tally.report(name + ", killed within its calls");
  }

 private:
  using Losses = std::vector<std::string>;
  static constexpr const char* functions[] = {"C_GenerateKeyPair", "C_CreateObject", "C_DestroyObject"};
  static constexpr unsigned objects_of_a_pair = 3;  // with its certificate

  JobRun run_with(faults::Plan plan, messages::JobKind kind) {
    plan.module = module_;
    plan.log = log();
    plan.removed = stage.path() / "never";
    fs::remove(plan.log);
    faults::save(plan, stage.path() / "plan");
    const test::ScopedEnvironment scope({{faults::plan_variable, (stage.path() / "plan").string()}});
    return stage.run(kind, {service_pin, {}, {}});
  }
  fs::path log() const { return stage.path() / "calls.log"; }
  /// How long the calls take, of a renewal and a deletion that nothing disturbs.
  void measure() {
    Losses losses;
    for (const auto kind : {messages::JobKind::renew, messages::JobKind::prune}) {
      finish(losses, kind);
      for (const char* function : functions)
        times_[function] = std::max(times_[function], faults::CallLog(log()).longest(function));
    }
    for (const auto& loss : losses) ADD_FAILURE() << "undisturbed: " << loss;
    for (const char* function : functions)
      std::cout << function << ": " << times_[function].count() << " us" << std::endl;
  }
  void kill(Losses& losses, messages::JobKind kind, const char* function, unsigned number,
            microseconds later) {
    wait_for_a_later_end();
    faults::Plan plan;
    plan.function = function;
    plan.at = number;
    plan.action = faults::Action::kill;
    plan.within_us = static_cast<unsigned long>(later.count());
    if (service_) service_->keep();
    const JobRun run = run_with(plan, kind);
    if (service_ && service_->put_back()) ++put_back_;
    if (!faults::CallLog(log()).struck())
      losses.push_back("the call was never reached; the run ended with " + run.in_words());
  }
  /// A certificate ends later than the one before it: whole seconds.
  static void wait_for_a_later_end() { std::this_thread::sleep_for(std::chrono::milliseconds{1100}); }
  void finish(Losses& losses, messages::JobKind kind) {
    constexpr int most_runs = 3;
    JobRun run;
    for (int again = 0; again < most_runs; ++again) {
      run = run_with({}, kind);
      if (std::holds_alternative<messages::RenewResult>(run.last) ||
          std::holds_alternative<messages::PruneResult>(run.last) ||
          run.failure() == Reason::nothing_to_delete)
        return;
    }
    losses.push_back("the undisturbed runs ended with " + run.in_words());
  }
  void look(Losses& losses, std::size_t certificates) {
    const auto run = run_with({}, messages::JobKind::inspect);
    const auto* found = std::get_if<messages::InspectResult>(&run.last);
    if (found == nullptr || found->tokens.size() != 1) return losses.push_back(run.in_words());
    const auto& token = found->tokens.front();
    if (token.certificates.size() != certificates)
      losses.push_back("there are " + std::to_string(token.certificates.size()) + " certificates");
    if (!token.keys_without_certificate.empty())
      losses.push_back(std::to_string(token.keys_without_certificate.size()) + " keys have no certificate");
  }
  /// A renewal killed at the call, then undisturbed; then its old certificate goes.
  Losses kill_renewal(const char* function, microseconds later) {
    Losses losses;
    const auto issued = stage.bank().issued();
    const unsigned put_back_before = put_back_;
    kill(losses, messages::JobKind::renew, function, 1, later);
    finish(losses, messages::JobKind::renew);
    look(losses, 2);
    // The key pair of a token that was put back is gone, and another one is certified.
    const auto least = issued + 1, most = least + (put_back_ - put_back_before);
    if (stage.bank().issued() < least || stage.bank().issued() > most)
      losses.push_back("the bank issued " + std::to_string(stage.bank().issued() - issued) + " certificates");
    finish(losses, messages::JobKind::prune);
    look(losses, 1);
    return losses;
  }
  Losses kill_deletion(unsigned number, microseconds later) {
    Losses losses;
    wait_for_a_later_end();
    finish(losses, messages::JobKind::renew);
    kill(losses, messages::JobKind::prune, "C_DestroyObject", number, later);
    finish(losses, messages::JobKind::prune);
    look(losses, 1);
    return losses;
  }

  fs::path module_;
  const OpenCryptoki* service_ = nullptr;
  unsigned put_back_ = 0;
  std::map<std::string, microseconds> times_;
};

TEST_F(ServiceSweep, a_tpm_keeps_nothing_half_made) {
  const auto module = SoftwareTpm::module();
  if (module.empty()) GTEST_SKIP() << "SKIPPED: no TPM in software (see the test of Tpm)";
  const SoftwareTpm tpm(stage.path() / "tpm", token_label, service_pin);
  use(module, KeyAlgorithm::ec_p256);
  sweep("tpm2-pkcs11");
}

TEST_F(ServiceSweep, opencryptoki_keeps_nothing_half_made) {
  const auto module = OpenCryptoki::module();
  if (module.empty()) GTEST_SKIP() << "SKIPPED: no opencryptoki (packages opencryptoki, opensc)";
  if (!OpenCryptoki::separate()) GTEST_SKIP() << "SKIPPED: no mount and IPC namespaces can be made here";
  const OpenCryptoki service(stage.path() / "opencryptoki", token_label, service_pin);
  use(service, module);
  sweep("opencryptoki");
}

}  // namespace
}  // namespace koshin::cards
