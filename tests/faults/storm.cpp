// SPDX-License-Identifier: MIT
// The faults, and what comes after them.
#include "faults/storm.hpp"

#include <p11-kit/pkcs11.h>
#include <signal.h>  // kill
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

#include "faults/sweep.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* companions[] = {"", "-wal", "-shm"};
constexpr unsigned calls_of_a_renewal = 45, changes_of_the_journal = 40;

fs::path with(fs::path file, const char* companion) {
  return file += companion;
}

void move_journal(const fs::path& from, const fs::path& to) {
  for (const char* companion : companions) {
    std::error_code not_there;
    fs::remove(with(to, companion), not_there);
    fs::rename(with(from, companion), with(to, companion), not_there);
  }
}

void copy_journal(const fs::path& from, const fs::path& to) {
  for (const char* companion : companions) {
    std::error_code not_there;
    fs::remove(with(to, companion), not_there);
    fs::copy_file(with(from, companion), with(to, companion), not_there);
  }
}

/// Ends at once and leaves nothing behind but what `work` has done: no destructor of the parent's runs here.
template <typename Work>
pid_t in_another_process(Work work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    work();
  } catch (...) {
    ::_exit(1);
  }
  ::_exit(0);
}

void wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

struct Wrong {
  const char* name;
  const char* value;
};
constexpr Wrong wrongs[] = {
    {"drop_before_issue", "1"}, {"drop_after_issue", "1"}, {"truncate", "1"},         {"garbage", "1"},
    {"wrong_usage", "1"},       {"wrong_key", "1"},        {"shorter", "1"},          {"wrong_issuer", "1"},
    {"status", "500:broken"},   {"status", "503:busy"},    {"status", "403:refused"}, {"pending", "1"},
    {"cacerts.garbage", "1"},   {"drop_handshake", "1"},   {"csrattrs.status", "500"}};

}  // namespace

void Computers::change() {
  const auto here = paths::journal_file();
  const auto aside = directory_ / "journal-of-the-other-one", between = directory_ / "journal-between";
  move_journal(here, between);
  move_journal(aside, here);
  move_journal(between, aside);
  first_ = !first_;
}

void Computers::back_up() {
  copy_journal(paths::journal_file(), backup());
}

void Computers::restore() {
  copy_journal(backup(), paths::journal_file());
}

Storm::Storm(Stage& stage, unsigned seed)
    : stage_(stage), random_(seed), trial_(stage), computers_(trial_.path()) {
  // Some authorities certify a key only once.
  const bool unique = below(4) == 0;
  stage_.bank().set("repeat_key", unique ? "forbidden" : "0");
  if (unique) note("a key is certified once");
}

Plan Storm::token_fault() {
  static constexpr Kind kinds[] = {
      {"", "killed before", Action::kill, false, false, 0},
      {"", "killed after", Action::kill, true, false, 0},
      {"", "CKR_DEVICE_ERROR instead of", Action::error, false, false, CKR_DEVICE_ERROR},
      {"", "CKR_DEVICE_ERROR after", Action::error, true, false, CKR_DEVICE_ERROR},
      {"", "CKR_GENERAL_ERROR from", Action::error, false, true, CKR_GENERAL_ERROR},
      {"", "pulled before", Action::remove, false, false, 0},
      {"", "pulled after", Action::remove, true, false, 0},
      {"", "hung before", Action::hang, false, false, 0},
      {"", "hung after", Action::hang, true, false, 0}};
  const Kind& kind = one_of(kinds);
  const unsigned number = 1 + below(calls_of_a_renewal);
  note(std::string(kind.words) + " call " + std::to_string(number));
  return plan_of(kind, number);
}

void Storm::strike_token() {
  const Plan plan = token_fault();
  trial_.renew(plan, seconds(plan.action == Action::hang ? 2 : 60));
  trial_.reinsert();
}

void Storm::kill_at_journal() {
  const unsigned number = 1 + below(changes_of_the_journal);
  note("killed after change " + std::to_string(number) + " of the journal");
  trial_.renew({}, seconds(60), shim(trial_.path() / "shim.log", number));
}

void Storm::spoil_authority() {
  const Wrong& wrong = one_of(wrongs);
  note("bank " + std::string(wrong.name) + "=" + wrong.value);
  stage_.bank().set(wrong.name, wrong.value);
  trial_.renew();
  stage_.bank().set(wrong.name, "0");
}

void Storm::kill_parent() {
  const milliseconds later(1 + below(120));
  note("parent killed after " + std::to_string(later.count()) + " ms");
  const pid_t parent = in_another_process([&] { trial_.renew(); });
  trial_.leave_out_a_number();
  std::this_thread::sleep_for(later);
  ::kill(parent, SIGKILL);
  wait_for(parent);
}

void Storm::run_two() {
  note("two runs at once");
  const pid_t other = in_another_process([&] { trial_.renew(); });
  trial_.leave_out_a_number();
  trial_.renew();
  wait_for(other);
}

void Storm::change_computer() {
  note("the other computer");
  computers_.change();
}

void Storm::take_older_journal() {
  note("an older journal");
  computers_.restore();
}

Trial::Run Storm::undisturbed() {
  constexpr milliseconds pause(20);
  constexpr int most = 500;
  auto run = trial_.renew();
  for (int again = 0; again < most && run.failure() == Reason::token_busy; ++again) {
    std::this_thread::sleep_for(pause);
    run = trial_.renew();
  }
  return run;
}

std::string Storm::settle() {
  constexpr int most_runs = 6;
  Trial::Run run = undisturbed();
  for (int again = 1; again < most_runs; ++again) {
    if (run.failure() == Reason::not_due) return {};
    const bool insists = run.failure() == Reason::answer_wrong_twice ||
                         std::holds_alternative<messages::PendingResult>(run.last);
    if (!insists) {
      run = undisturbed();
      continue;
    }
    messages::Job job;  // a person may say so
    job.kind = messages::JobKind::renew;
    job.force = true;
    run = trial_.run(job, {}, seconds(60), {}, test::SoftHsm::default_pin);
  }
  return run.failure() == Reason::not_due ? std::string()
                                          : "undisturbed runs do not come to an end: " + to_json(run.last);
}

std::vector<std::string> Storm::run() {
  static constexpr std::array<Fault, 9> faults{
      &Storm::strike_token,    &Storm::strike_token,    &Storm::kill_at_journal,
      &Storm::spoil_authority, &Storm::spoil_authority, &Storm::kill_parent,
      &Storm::run_two,         &Storm::change_computer, &Storm::take_older_journal};
  const unsigned count = 2 + below(5);
  for (unsigned i = 0; i < count; ++i) {
    if (below(3) == 0) computers_.back_up();
    (this->*one_of(faults))();
  }
  note("undisturbed");
  std::vector<std::string> losses;
  for (const char* where : {"here", "on the other computer", "here again"}) {
    if (const auto trouble = settle(); !trouble.empty())
      losses.push_back(std::string(where) + ": " + trouble);
    for (const auto& loss : trial_.storm_losses()) losses.push_back(std::string(where) + ": " + loss);
    computers_.change();
  }
  return losses;
}

std::string Storm::remains(unsigned seed) const {
  const char* folder = std::getenv("KOSHIN_STORM_KEEP");
  if (folder != nullptr && *folder != '\0') {
    const fs::path kept =
        fs::path(folder) / ("storm" + std::to_string(seed) + "-" + std::to_string(::getpid()));
    fs::create_directories(kept);
    fs::copy(trial_.path(), kept, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  return trial_.remains();
}

}  // namespace koshin::faults
