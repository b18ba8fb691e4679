// SPDX-License-Identifier: MIT
// A child with pipes on Windows: every wait has a deadline, for an overlapped operation and the process
// itself.
#include <windows.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <system_error>
#include <utility>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/child_lines.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/child_spawn_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

using Clock = std::chrono::steady_clock;

/// What a process has as its exit code that was ended from outside; like all codes of crashes it is an
/// error's number of the system.
constexpr DWORD ended_from_outside = 0xC000013A;  // STATUS_CONTROL_C_EXIT
constexpr DWORD first_crash_code = 0xC0000000;

DWORD milliseconds_until(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  return static_cast<DWORD>(std::clamp<long long>(left, 0, 1000LL * 3600));
}

/// A read or write that has been begun; it has ended when this object is destroyed.
class Operation {
 public:
  explicit Operation(NativeHandle file) : file_(file), event_(::CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
    if (!event_) throw_last_error("CreateEvent");
    overlapped_.hEvent = event_.get();
  }
  ~Operation() {
    if (begun_) (void)finish();
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  OVERLAPPED* overlapped() { return &overlapped_; }
  /// With what ReadFile() or WriteFile() has returned. False when nothing was begun.
  bool begin(BOOL result) {
    begun_ = result != 0 || ::GetLastError() == ERROR_IO_PENDING;
    if (!begun_) error_ = ::GetLastError();
    return begun_;
  }
  NativeHandle event() const { return event_.get(); }
  /// How many bytes it has moved, having been broken off where it had not ended.
  DWORD finish() {
    DWORD count = 0;
    begun_ = false;
    if (::WaitForSingleObject(event_.get(), 0) != WAIT_OBJECT_0) ::CancelIoEx(file_, &overlapped_);
    if (::GetOverlappedResult(file_, &overlapped_, &count, TRUE) == 0) error_ = ::GetLastError();
    return count;
  }
  bool was_broken_off() const { return error_ == ERROR_OPERATION_ABORTED; }
  DWORD error() const { return error_; }

 private:
  NativeHandle file_;
  Handle event_;
  OVERLAPPED overlapped_{};
  bool begun_ = false;
  DWORD error_ = ERROR_SUCCESS;
};

class WindowsChild final : public ChildProcess {
 public:
  explicit WindowsChild(SpawnedChild child) : child_(std::move(child)) {}

  ~WindowsChild() override {
    if (abandoned_) {
      let_go();
      return;
    }
    WindowsChild::kill();
    ::WaitForSingleObject(child_.process.get(), INFINITE);  // one that was ended ends
  }

  void write(std::span<const char> bytes) override {
    const std::scoped_lock lock(input_mutex_);
    const auto until = Clock::now() + write_limit;
    while (!bytes.empty()) {
      if (!child_.to_child) cannot_write(ERROR_BROKEN_PIPE);
      Operation writing(child_.to_child.get());
      if (!writing.begin(::WriteFile(child_.to_child.get(), bytes.data(), static_cast<DWORD>(bytes.size()),
                                     nullptr, writing.overlapped())))
        cannot_write(writing.error());
      const bool ended = ::WaitForSingleObject(writing.event(), milliseconds_until(until)) == WAIT_OBJECT_0;
      const DWORD count = writing.finish();
      bytes = bytes.subspan(count);
      if (!bytes.empty() && (!ended || writing.was_broken_off()))
        fail(Reason::worker_failed, "process " + std::to_string(child_.pid) + " does not read its input");
      if (count == 0 && writing.error() != ERROR_SUCCESS) cannot_write(writing.error());
    }
  }

  void close_stdin() override {
    const std::scoped_lock lock(input_mutex_);
    child_.to_child.close();
  }

  Read read_line(std::string& line, Clock::time_point until, std::size_t max_line) override {
    return read_line_of(*this, lines_, line, until, max_line);
  }

  Read read_some(std::span<char> into, std::size_t& count, Clock::time_point until) override {
    count = 0;
    while (child_.from_child) {
      Operation reading(child_.from_child.get());
      if (!reading.begin(::ReadFile(child_.from_child.get(), into.data(), static_cast<DWORD>(into.size()),
                                    nullptr, reading.overlapped())))
        break;
      const std::array<HANDLE, 2> ends{reading.event(), child_.process.get()};
      const DWORD first = ::WaitForMultipleObjects(static_cast<DWORD>(ends.size()), ends.data(), FALSE,
                                                   milliseconds_until(until));
      count = reading.finish();
      if (count > 0) return Read::line;
      if (!reading.was_broken_off() && reading.error() != ERROR_SUCCESS) break;
      if (first == WAIT_TIMEOUT && Clock::now() >= until) return Read::timeout;
      // Gone and nothing left in the pipe: a grandchild that holds its other end is not waited for.
      if (first == WAIT_OBJECT_0 + 1 && nothing_left()) break;
    }
    child_.from_child.close();
    return Read::end;
  }

  std::optional<ExitStatus> wait_until(Clock::time_point until) override {
    const std::scoped_lock lock(mutex_);
    if (!status_) {
      if (::WaitForSingleObject(child_.process.get(), milliseconds_until(until)) != WAIT_OBJECT_0)
        return std::nullopt;
      DWORD code = 0;
      ::GetExitCodeProcess(child_.process.get(), &code);
      status_ = ExitStatus{code >= first_crash_code, static_cast<int>(code)};
    }
    return status_;
  }

  void terminate() noexcept override { ::SetEvent(child_.stop.get()); }

  void kill() noexcept override {
    ::TerminateProcess(child_.process.get(), ended_from_outside);
    ::TerminateJobObject(child_.job.get(), ended_from_outside);
  }

  void abandon() noexcept override { abandoned_ = true; }

  long pid() const override { return static_cast<long>(child_.pid); }

  std::string errors() const override {
    if (!child_.errors) return {};
    std::string text(max_errors, '\0');
    text.resize(read_bounded_file(child_.errors.get(), text).size());
    while (text.ends_with('\n')) text.pop_back();
    return printable(text);
  }

 private:
  [[noreturn]] void cannot_write(DWORD error) const {
    fail(Reason::worker_failed, "cannot write to process " + std::to_string(child_.pid) + ": " +
                                    std::system_category().message(static_cast<int>(error)));
  }

  bool nothing_left() const {
    DWORD there = 0;
    return ::PeekNamedPipe(child_.from_child.get(), nullptr, 0, nullptr, &there, nullptr) == 0 || there == 0;
  }

  /// Closing the job does not end the child then.
  void let_go() const noexcept {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION none{};
    ::SetInformationJobObject(child_.job.get(), JobObjectExtendedLimitInformation, &none, sizeof none);
  }

  SpawnedChild child_;
  bool abandoned_ = false;
  LineBuffer lines_;
  std::mutex input_mutex_;
  std::mutex mutex_;  // over status_
  std::optional<ExitStatus> status_;
};

}  // namespace

std::unique_ptr<ChildProcess> ChildProcess::start(const std::filesystem::path& program,
                                                  const std::vector<std::string>& arguments,
                                                  const ChildOptions& options) {
  return std::make_unique<WindowsChild>(spawn_child(program, arguments, options));
}

}  // namespace koshin
