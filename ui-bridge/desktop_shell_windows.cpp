// SPDX-License-Identifier: MIT
// IShellDispatch2 of the desktop's window: what it opens is Explorer's child, and inherits nothing of this
// process.
#include "desktop_shell_windows.hpp"

#include <windows.h>
// After windows.h, which they need.
#include <exdisp.h>
#include <shellapi.h>
#include <shldisp.h>
#include <shlobj.h>

#include <memory>

#include "foundation/log/log.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::ui {

namespace {

struct Releaser {
  void operator()(IUnknown* object) const { object->Release(); }
};
template <class Interface>
using Com = std::unique_ptr<Interface, Releaser>;

struct StringFreer {
  void operator()(wchar_t* text) const { SysFreeString(text); }
};
using ComString = std::unique_ptr<wchar_t, StringFreer>;

/// Null when it has no such interface.
template <class Interface>
Com<Interface> as(IUnknown* object) {
  void* found = nullptr;
  if (object == nullptr || FAILED(object->QueryInterface(__uuidof(Interface), &found))) return nullptr;
  return Com<Interface>(static_cast<Interface*>(found));
}

/// The view of the desktop's window; null where there is no desktop.
Com<IShellView> desktop_view() {
  void* found = nullptr;
  if (FAILED(CoCreateInstance(CLSID_ShellWindows, nullptr, CLSCTX_LOCAL_SERVER, __uuidof(IShellWindows),
                              &found)))
    return nullptr;
  const Com<IShellWindows> windows(static_cast<IShellWindows*>(found));
  VARIANT desktop{};
  desktop.vt = VT_I4;
  desktop.lVal = CSIDL_DESKTOP;
  VARIANT nothing{};
  long window = 0;
  IDispatch* dispatch = nullptr;
  if (windows->FindWindowSW(&desktop, &nothing, SWC_DESKTOP, &window, SWFO_NEEDDISPATCH, &dispatch) != S_OK)
    return nullptr;
  const Com<IDispatch> owned(dispatch);
  const auto provider = as<IServiceProvider>(dispatch);
  void* browser = nullptr;
  if (!provider || FAILED(provider->QueryService(SID_STopLevelBrowser, __uuidof(IShellBrowser), &browser)))
    return nullptr;
  const Com<IShellBrowser> top(static_cast<IShellBrowser*>(browser));
  IShellView* view = nullptr;
  if (FAILED(top->QueryActiveShellView(&view))) return nullptr;
  return Com<IShellView>(view);
}

Com<IShellDispatch2> desktop_program() {
  const auto view = desktop_view();
  void* background = nullptr;
  if (!view || FAILED(view->GetItemObject(SVGIO_BACKGROUND, __uuidof(IDispatch), &background)))
    return nullptr;
  const Com<IDispatch> owned(static_cast<IDispatch*>(background));
  const auto folder = as<IShellFolderViewDual>(owned.get());
  IDispatch* program = nullptr;
  if (!folder || FAILED(folder->get_Application(&program))) return nullptr;
  const Com<IDispatch> application(program);
  return as<IShellDispatch2>(program);
}

bool open_by_desktop(const std::wstring& address) {
  const auto desktop = desktop_program();
  if (!desktop) return false;
  const ComString file(SysAllocString(address.c_str()));
  VARIANT nothing{}, how{};
  how.vt = VT_I4;
  how.lVal = SW_SHOWNORMAL;
  return SUCCEEDED(desktop->ShellExecute(file.get(), nothing, nothing, nothing, how));
}

bool open_by_this_process(const std::wstring& address) {
  SHELLEXECUTEINFOW order{};
  order.cbSize = sizeof order;
  order.fMask = SEE_MASK_FLAG_NO_UI | SEE_MASK_NOASYNC;  // this thread has no message loop to finish it later
  order.lpVerb = L"open";
  order.lpFile = address.c_str();
  order.nShow = SW_SHOWNORMAL;
  if (ShellExecuteExW(&order) != FALSE) return true;
  log::debug("the shell opens no browser", {{"KOSHIN_DETAIL", "error " + std::to_string(GetLastError())}});
  return false;
}

}  // namespace

bool open_by_shell(const std::string& address) {
  const std::wstring text = wide(address);
  const bool entered = SUCCEEDED(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE));
  const bool taken = open_by_desktop(text) || open_by_this_process(text);
  if (entered) CoUninitialize();
  return taken;
}

}  // namespace koshin::ui
