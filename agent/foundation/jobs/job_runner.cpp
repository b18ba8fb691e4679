// SPDX-License-Identifier: MIT
// Runs one job in a koshin-worker and converts every outcome to one final event.
#include "foundation/jobs/job_runner.hpp"

#include <string>

#include "foundation/jobs/secrets_frame.hpp"
#include "foundation/jobs/worker_start.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin {
namespace {

using Clock = std::chrono::steady_clock;

/// Time for a stopped worker to log off the token and write its final event.
constexpr std::chrono::seconds grace_after_stop{5};
/// Interval for checking a stop request while the worker is silent.
constexpr std::chrono::milliseconds stop_interval{200};

Failure failure_of(Reason reason, std::string detail) {
  return {.reason = reason, .detail = std::move(detail), .retry_after = std::nullopt};
}

class Run {
 public:
  Run(ChildProcess& worker, const std::function<void(const messages::Event&)>& on_event,
      std::chrono::seconds limit, std::stop_token stop)
      : worker_(worker),
        on_event_(on_event),
        limit_(limit),
        until_(Clock::now() + limit),
        stop_(std::move(stop)) {}

  messages::Event result() {
    while (true) {
      notice_stop();
      std::string line;
      const auto slice = std::min(until_, Clock::now() + stop_interval);
      switch (worker_.read_line(line, stop_.stop_possible() ? slice : until_)) {
        case ChildProcess::Read::end:
          return ended();
        case ChildProcess::Read::timeout:
          if (Clock::now() >= until_) return silent();
          break;
        case ChildProcess::Read::line:
          if (auto final = take(line)) return std::move(*final);
          break;
      }
    }
  }

 private:
  void notice_stop() {
    if (stopped_ || !stop_.stop_requested()) return;
    stopped_ = true;
    worker_.terminate();
    until_ = std::min(until_, Clock::now() + grace_after_stop);
  }

  std::optional<messages::Event> take(const std::string& line) {
    if (line.empty()) return std::nullopt;
    messages::Event event;
    try {
      event = messages::parse_event(line);
    } catch (const FailureError& error) {
      // Output of a module on stdout. Not repeated here: modules in debug mode print PINs.
      ++strange_lines_;
      if (strange_.empty()) strange_ = error.failure().detail;
      return std::nullopt;
    }
    if (messages::is_final(event)) {
      worker_.close_stdin();
      return event;
    }
    remember_step(event);
    give_time(event);
    on_event_(event);
    return std::nullopt;
  }

  void remember_step(const messages::Event& event) {
    const auto* const step = std::get_if<messages::StepEvent>(&event);
    if (step != nullptr)
      where_ = std::string(step->finished ? " after step " : " in step ") +
               std::string(messages::to_string(step->step));
  }

  /// A worker that waits for a person gets the time limit for that, and its own limit afresh when it
  /// continues.
  void give_time(const messages::Event& event) {
    if (stopped_) return;
    const bool ready = std::holds_alternative<messages::ReadyEvent>(event);
    if (ready || waited_) until_ = Clock::now() + limit_;
    if (ready) until_ += messages::time_to_go;  // the limit itself is for logging off afterwards
    waited_ = ready;
  }

  messages::Event silent() {
    worker_.kill();
    if (stopped_) return failure_of(Reason::interrupted, "stopped on request" + where_);
    return failure_of(Reason::module_hung, "koshin-worker did not finish in time" + where_);
  }

  messages::Event ended() {
    const auto status = worker_.wait_until(std::min(until_, Clock::now() + time_after_last_word));
    if (stopped_) return failure_of(Reason::interrupted, "stopped on request" + where_);
    if (!status) return silent();  // it has closed its output but goes on
    if (status->crashed) {
      return failure_of(Reason::module_crashed,
                        "koshin-worker was ended by signal " + std::to_string(status->code) + where_);
    }
    std::string detail =
        "koshin-worker ended with code " + std::to_string(status->code) + where_ + " and without a result";
    if (strange_lines_ > 0)
      detail += "; " + std::to_string(strange_lines_) +
                " lines of its output were not understood, the first: " + strange_;
    return failure_of(Reason::worker_failed, detail);
  }

  ChildProcess& worker_;
  const std::function<void(const messages::Event&)>& on_event_;
  std::chrono::seconds limit_;
  Clock::time_point until_;
  std::stop_token stop_;
  bool stopped_ = false, waited_ = false;
  std::size_t strange_lines_ = 0;
  std::string strange_;
  std::string where_;
};

/// Writes job and secrets. A worker that ends before it has read them reports the cause on its stdout, so a
/// broken pipe is no failure yet.
void hand_over(ChildProcess& worker, const messages::Job& job,
               const std::vector<const SecureBuffer*>& secrets) {
  try {
    worker.write(messages::to_json(job) + '\n');
    for (const SecureBuffer* const secret : secrets) write_secret_frame(worker, *secret);
  } catch (const FailureError&) {
    worker.close_stdin();
  }
}

}  // namespace

messages::Event run_job_in(ChildProcess& worker, const messages::Job& job,
                           const std::vector<const SecureBuffer*>& secrets,
                           const std::function<void(const messages::Event&)>& on_event,
                           std::chrono::seconds deadline, std::stop_token stop) {
  if (job.secrets.size() != secrets.size()) {
    return failure_of(Reason::job_invalid, "the job announces " + std::to_string(job.secrets.size()) +
                                               " secrets, " + std::to_string(secrets.size()) + " were given");
  }
  try {
    hand_over(worker, job, secrets);
    return Run(worker, on_event, deadline, std::move(stop)).result();
  } catch (const FailureError& error) {
    return error.failure();
  }
}

messages::Event run_guarded(const std::function<messages::Event()>& run) {
  try {
    return run();
  } catch (const FailureError& error) {
    return error.failure();
  } catch (const std::exception& error) {
    return failure_of(Reason::worker_failed, std::string("the job could not be run: ") + error.what());
  }
}

namespace {

messages::Event run_and_wait(const std::function<std::unique_ptr<ChildProcess>()>& start,
                             const messages::Job& job, const std::vector<const SecureBuffer*>& secrets,
                             const std::function<void(const messages::Event&)>& on_event,
                             std::chrono::seconds deadline, std::stop_token stop) {
  try {
    const auto worker = start();
    messages::Event last = run_job_in(*worker, job, secrets, on_event, deadline, std::move(stop));
    (void)worker->wait_until(Clock::now() + time_after_last_word);
    return last;
  } catch (const FailureError& error) {
    return error.failure();
  }
}

}  // namespace

messages::Event run_job(const messages::Job& job, const std::vector<const SecureBuffer*>& secrets,
                        const std::function<void(const messages::Event&)>& on_event,
                        std::chrono::seconds deadline, std::stop_token stop) {
  return run_and_wait([] { return start_worker(); }, job, secrets, on_event, deadline, std::move(stop));
}

messages::Event run_job_with(const std::filesystem::path& program, const messages::Job& job,
                             const std::vector<const SecureBuffer*>& secrets,
                             const std::function<void(const messages::Event&)>& on_event,
                             std::chrono::seconds deadline, std::stop_token stop) {
  return run_and_wait([&] { return ChildProcess::start(program, {}, {.whole_tree = true}); }, job, secrets,
                      on_event, deadline, std::move(stop));
}

}  // namespace koshin
