// SPDX-License-Identifier: MIT
// CreateProcess with a list of the handles that the child inherits, and with its job, so that there is no
// moment in which the child could outlive this process.
#include "foundation/system/child_spawn_windows.hpp"

#include <windows.h>

#include <array>
#include <system_error>
#include <utility>

#include "foundation/failures/failure.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/waited_pipe_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

/// Of a child that loads foreign libraries: what a renewal needs is far below, and a module that runs wild
/// does not take the computer along.
constexpr DWORD most_processes = 64;
constexpr std::size_t most_memory = std::size_t{4} << 30U;

/// PROC_THREAD_ATTRIBUTE_JOB_LIST, which mingw-w64 10 lacks.
constexpr DWORD_PTR job_list_attribute = 0x0002000D;

Handle make_job(const ChildOptions& options) {
  Handle job(::CreateJobObjectW(nullptr, nullptr));
  if (!job) throw_last_error("CreateJobObject");
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  auto& flags = limits.BasicLimitInformation.LimitFlags;
  flags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  if (options.whole_tree) {
    flags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_JOB_MEMORY;
    limits.BasicLimitInformation.ActiveProcessLimit = most_processes;
    limits.JobMemoryLimit = most_memory;
  } else {
    flags |= JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;  // a browser that the page has opened stays
  }
  if (::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits) == 0)
    throw_last_error("SetInformationJobObject");
  return job;
}

Handle inherited_copy(NativeHandle handle) {
  HANDLE copy = nullptr;
  if (::DuplicateHandle(::GetCurrentProcess(), handle, ::GetCurrentProcess(), &copy, 0, TRUE,
                        DUPLICATE_SAME_ACCESS) == 0)
    throw_last_error("DuplicateHandle");
  return Handle(copy);
}

class Attributes {
 public:
  explicit Attributes(DWORD count) {
    SIZE_T size = 0;
    ::InitializeProcThreadAttributeList(nullptr, count, 0, &size);
    memory_.resize(size);
    if (::InitializeProcThreadAttributeList(list(), count, 0, &size) == 0)
      throw_last_error("InitializeProcThreadAttributeList");
  }
  ~Attributes() { ::DeleteProcThreadAttributeList(list()); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  /// `values` outlive this object.
  void set(DWORD_PTR which, NativeHandle* values, std::size_t count) {
    if (::UpdateProcThreadAttribute(list(), 0, which, values, count * sizeof(NativeHandle), nullptr,
                                    nullptr) == 0)
      throw_last_error("UpdateProcThreadAttribute");
  }
  LPPROC_THREAD_ATTRIBUTE_LIST list() {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
  }

 private:
  std::vector<char> memory_;
};

/// Quoted so that CommandLineToArgvW gives the word back: backslashes count only before a quotation mark.
void append_quoted(std::wstring& line, const std::wstring& word) {
  line += L'"';
  std::size_t backslashes = 0;
  for (const wchar_t c : word) {
    if (c == L'"') line.append(backslashes + 1, L'\\');
    backslashes = c == L'\\' ? backslashes + 1 : 0;
    line += c;
  }
  line.append(backslashes, L'\\');
  line += L'"';
}

struct Ends {
  NativeHandle input, output, error;
};

/// As CreateProcess wants it: each variable with a zero at its end, and one more.
std::wstring environment_block(const std::vector<std::string>& variables) {
  std::wstring block;
  for (const std::string& variable : variables) block += wide(variable) + L'\0';
  if (block.empty()) block += L'\0';
  return block;  // c_str() has the last zero
}

/// The child does not run yet.
PROCESS_INFORMATION create(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                           const ChildOptions& options, NativeHandle job, const Ends& ends) {
  std::array<NativeHandle, 3> inherited{ends.input, ends.output, ends.error};
  Attributes attributes(2);
  attributes.set(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, inherited.data(), inherited.size());
  attributes.set(job_list_attribute, &job, 1);
  STARTUPINFOEXW start{};
  start.StartupInfo.cb = sizeof start;
  start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  start.StartupInfo.hStdInput = ends.input;
  start.StartupInfo.hStdOutput = ends.output;
  start.StartupInfo.hStdError = ends.error;
  start.lpAttributeList = attributes.list();
  DWORD flags = EXTENDED_STARTUPINFO_PRESENT | CREATE_SUSPENDED;
  if (options.own_group) flags |= CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW;
  std::wstring line = command_line_of(program, arguments), environment;
  if (options.environment) {
    environment = environment_block(*options.environment);
    flags |= CREATE_UNICODE_ENVIRONMENT;
  }
  const wchar_t* const folder =
      options.working_directory.empty() ? nullptr : options.working_directory.c_str();
  PROCESS_INFORMATION child{};
  if (::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, flags,
                       options.environment ? environment.data() : nullptr, folder, &start.StartupInfo,
                       &child) == 0)
    throw_last_error("CreateProcess");
  return child;
}

SpawnedChild spawn(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                   const ChildOptions& options) {
  SpawnedChild child;
  auto in = WaitedPipe::make(WaitedPipe::Own::writes, true);
  auto out = WaitedPipe::make(WaitedPipe::Own::reads, true);
  if (options.keep_errors) child.errors = make_bounded_file(ChildProcess::max_errors);
  // A copy in any case: no handle may be in the child's list twice.
  const Handle error = inherited_copy(options.errors_with_output ? out.other.get()
                                      : child.errors             ? child.errors.get()
                                                                 : standard_handle(StandardStream::error));
  child.job = make_job(options);
  const PROCESS_INFORMATION made =
      create(program, arguments, options, child.job.get(), {in.other.get(), out.other.get(), error.get()});
  child.process = Handle(made.hProcess);
  const Handle thread(made.hThread);
  child.pid = made.dwProcessId;
  const PrivateToUser security;
  child.stop = Handle(::CreateEventW(static_cast<SECURITY_ATTRIBUTES*>(security.attributes()), TRUE, FALSE,
                                     stop_event_name(child.pid).c_str()));
  if (!child.stop) throw_last_error("CreateEvent");
  if (::ResumeThread(thread.get()) == static_cast<DWORD>(-1)) throw_last_error("ResumeThread");
  child.to_child = std::move(in.own);
  child.from_child = std::move(out.own);
  return child;
}

}  // namespace

std::wstring command_line_of(const std::filesystem::path& program,
                             const std::vector<std::string>& arguments) {
  std::wstring line;
  append_quoted(line, program.native());
  for (const std::string& argument : arguments) {
    line += L' ';
    append_quoted(line, wide(argument));
  }
  return line;
}

std::wstring stop_event_name(unsigned long process) {
  return LR"(Local\koshin-stop-)" + std::to_wstring(process);
}

SpawnedChild spawn_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const ChildOptions& options) {
  try {
    return spawn(program, arguments, options);
  } catch (const std::system_error& error) {
    fail(Reason::worker_failed, "cannot start " + program.string() + ": " + error.code().message());
  }
}

}  // namespace koshin
