// SPDX-License-Identifier: MIT
// COM, with a connection to the local service for each question.
#include "foundation/system/scheduled_task_windows.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <taskschd.h>

#include <memory>
#include <new>

#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

/// This thread's entrance to COM. A thread that has entered it otherwise before uses what it has.
class ComEntrance {
 public:
  ComEntrance() : entered_(SUCCEEDED(CoInitializeEx(nullptr, COINIT_MULTITHREADED))) {}
  ~ComEntrance() {
    if (entered_) CoUninitialize();
  }
  ComEntrance(const ComEntrance&) = delete;
  ComEntrance& operator=(const ComEntrance&) = delete;

 private:
  bool entered_;
};

struct ReleaseObject {
  void operator()(IUnknown* object) const { object->Release(); }
};
template <typename Interface>
using Object = std::unique_ptr<Interface, ReleaseObject>;

/// A text as COM takes it.
class ComText {
 public:
  explicit ComText(const std::wstring& text)
      : text_(SysAllocStringLen(text.data(), static_cast<UINT>(text.size()))) {
    if (text_ == nullptr) throw std::bad_alloc();
  }
  ~ComText() { SysFreeString(text_); }
  ComText(const ComText&) = delete;
  ComText& operator=(const ComText&) = delete;
  BSTR get() const { return text_; }
  /// Stays this object's own.
  VARIANT as_variant() const {
    VARIANT value = nothing();
    value.vt = VT_BSTR;
    value.bstrVal = text_;
    return value;
  }
  static VARIANT nothing() {
    VARIANT value;
    VariantInit(&value);
    return value;
  }

 private:
  BSTR text_;
};

void check(HRESULT result, const char* call) {
  if (FAILED(result)) throw_error(static_cast<unsigned long>(result), call);
}

bool means_missing(HRESULT result) {
  return result == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND) ||
         result == HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
}

Object<ITaskFolder> root_folder() {
  void* made = nullptr;
  check(
      CoCreateInstance(__uuidof(TaskScheduler), nullptr, CLSCTX_INPROC_SERVER, __uuidof(ITaskService), &made),
      "CoCreateInstance(TaskScheduler)");
  const Object<ITaskService> service(static_cast<ITaskService*>(made));
  const VARIANT here = ComText::nothing();
  check(service->Connect(here, here, here, here), "ITaskService::Connect");
  ITaskFolder* folder = nullptr;
  check(service->GetFolder(ComText(L"\\").get(), &folder), "ITaskService::GetFolder");
  return Object<ITaskFolder>(folder);
}

}  // namespace

TaskState state_of_task(const std::wstring& name) {
  const ComEntrance entrance;
  const auto folder = root_folder();
  IRegisteredTask* found = nullptr;
  const HRESULT result = folder->GetTask(ComText(name).get(), &found);
  if (means_missing(result)) return TaskState::missing;
  check(result, "ITaskFolder::GetTask");
  const Object<IRegisteredTask> task(found);
  VARIANT_BOOL is_enabled = VARIANT_FALSE;
  check(task->get_Enabled(&is_enabled), "IRegisteredTask::get_Enabled");
  return is_enabled == VARIANT_FALSE ? TaskState::disabled : TaskState::enabled;
}

void register_group_task(const std::wstring& name, const std::wstring& xml, const std::wstring& group) {
  const ComEntrance entrance;
  const auto folder = root_folder();
  const ComText members(group);
  IRegisteredTask* made = nullptr;
  check(folder->RegisterTask(ComText(name).get(), ComText(xml).get(), TASK_CREATE_OR_UPDATE,
                             members.as_variant(), ComText::nothing(), TASK_LOGON_GROUP, ComText::nothing(),
                             &made),
        "ITaskFolder::RegisterTask");
  const Object<IRegisteredTask> task(made);
}

void remove_task(const std::wstring& name) {
  const ComEntrance entrance;
  const auto folder = root_folder();
  const HRESULT result = folder->DeleteTask(ComText(name).get(), 0);
  if (!means_missing(result)) check(result, "ITaskFolder::DeleteTask");
}

}  // namespace koshin
