// SPDX-License-Identifier: MIT
// A program in koshin-worker's place that behaves as the job's subject_user says: well, or in one of the ways
// in which a token's module can bring a worker down.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "foundation/jobs/messages.hpp"
#include "foundation/jobs/secrets_frame.hpp"
#include "foundation/system/handle_io.hpp"

namespace {

using namespace koshin;  // NOLINT(google-build-using-namespace): a program of one page

void say(std::string_view text) {
  write_all(STDOUT_FILENO, {text.data(), text.size()});
}
void say(const messages::Event& event) {
  say(messages::to_json(event) + "\n");
}

const messages::StepEvent in_step{
    .step = messages::Step::generate_key_pair, .finished = false, .resumed = false, .note = {}};

void sleep_for_ever() {
  while (true) pause();
}

JobInput& job_input() {
  static JobInput input(STDIN_FILENO);
  return input;
}

/// Says how long each secret was and what it began with: enough to see that order and length were kept.
messages::Event answer(const messages::Job& job) {
  messages::DoctorResult result;
  for (const messages::SecretKind kind : job.secrets) {
    const SecureBuffer secret = job_input().secret_frame();
    result.checks.push_back({.name = std::string(messages::to_string(kind)),
                             .status = "ok",
                             .text = std::to_string(secret.size()),
                             .advice = secret.empty() ? "" : std::string(1, secret.view().front()),
                             .id = {},
                             .subject = {},
                             .finding = {},
                             .reason = {},
                             .values = {}});
  }
  return result;
}

/// Dies of the signal also where a sanitizer would catch it.
void crash() {
  signal(SIGSEGV, SIG_DFL);
  raise(SIGSEGV);
}

/// Holds stdout open, as a daemon that a vendor's module starts would. Ends by itself, so that nothing stays
/// behind.
void start_grandchild() {
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    sleep_for_ever();
  }
  say(messages::NoticeEvent{.code = "grandchild", .text = std::to_string(child)});
}

void on_term(int /*signal*/) {
  say(Failure{.reason = Reason::interrupted, .detail = "logged off", .retry_after = std::nullopt});
  _exit(5);
}

const std::map<std::string_view, void (*)(const messages::Job&)> behaviours{
    {"well",
     [](const messages::Job& job) {
       say(in_step);
       say(messages::NoticeEvent{.code = "pin_count_low", .text = "careful"});
       say(answer(job));
     }},
    {"crash", [](const messages::Job&) { say(in_step), crash(); }},
    {"hang", [](const messages::Job&) { say(in_step), sleep_for_ever(); }},
    {"hang-without-output", [](const messages::Job&) { close(STDOUT_FILENO), sleep_for_ever(); }},
    {"hang-deaf", [](const messages::Job&) { signal(SIGTERM, SIG_IGN), say(in_step), sleep_for_ever(); }},
    {"polite", [](const messages::Job&) { signal(SIGTERM, on_term), say(in_step), sleep_for_ever(); }},
    {"garbage", [](const messages::Job&) { say("PIN is 987654\n\xff\xfe\n{\"schema\":1}\n"); }},
    {"garbage-then-well", [](const messages::Job& job) { say("C_Initialize\n\n"), say(answer(job)); }},
    {"no-final-event", [](const messages::Job&) { say(in_step), _exit(7); }},
    {"half-a-line",
     [](const messages::Job&) { say(messages::to_json(messages::PruneResult{}).substr(0, 40)); }},
    {"too-long-line",
     [](const messages::Job&) {
       while (true) say("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
     }},
    {"final-then-crash", [](const messages::Job& job) { say(answer(job)), crash(); }},
    {"final-then-hang", [](const messages::Job& job) { say(answer(job)), sleep_for_ever(); }},
    {"grandchild",
     [](const messages::Job& job) {
       start_grandchild();
       say(answer(job));
     }},
    {"grandchild-then-killed", [](const messages::Job&) { start_grandchild(), raise(SIGKILL); }},
    {"grandchild-then-hang", [](const messages::Job&) { start_grandchild(), sleep_for_ever(); }},
};

}  // namespace

int main() {
  const messages::Job job = messages::parse_job(job_input().job_line());
  const auto behaviour = behaviours.find(job.subject_user);
  if (behaviour == behaviours.end()) return 99;
  behaviour->second(job);
  return 0;
}
