// SPDX-License-Identifier: MIT
// Windows' smart card service. Windows starts it with the first reader and stops it with the last one, so the
// service manager is asked before the service.
#include <windows.h>
// After windows.h, which it needs.
#include <winscard.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "desk_check/checks.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/service_state_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::desk_check {
namespace {

struct Reader {
  std::wstring name;
  DWORD state = SCARD_STATE_UNKNOWN;
};

struct Answer {
  LONG code = SCARD_S_SUCCESS;
  std::vector<Reader> readers{};
};

LONG list_readers(SCARDCONTEXT context, std::vector<Reader>& readers) {
  DWORD length = 0;
  LONG code = SCardListReadersW(context, nullptr, nullptr, &length);
  if (code == SCARD_E_NO_READERS_AVAILABLE) return SCARD_S_SUCCESS;
  std::wstring names(length, L'\0');
  if (code == SCARD_S_SUCCESS) code = SCardListReadersW(context, nullptr, names.data(), &length);
  if (code != SCARD_S_SUCCESS) return code;
  for (const wchar_t* name = names.c_str(); *name != L'\0'; name += readers.back().name.size() + 1)
    readers.push_back({name});
  return code;
}

/// With what is in each reader, without waiting for a change.
Answer ask_service() {
  SCARDCONTEXT context = 0;
  Answer answer;
  answer.code = SCardEstablishContext(SCARD_SCOPE_USER, nullptr, nullptr, &context);
  if (answer.code != SCARD_S_SUCCESS) return answer;
  answer.code = list_readers(context, answer.readers);
  for (Reader& reader : answer.readers) {
    SCARD_READERSTATEW state{};
    state.szReader = reader.name.c_str();
    if (SCardGetStatusChangeW(context, 0, &state, 1) == SCARD_S_SUCCESS) reader.state = state.dwEventState;
  }
  SCardReleaseContext(context);
  return answer;
}

bool has_card(const Reader& reader) {
  return (reader.state & SCARD_STATE_PRESENT) != 0;
}

void add_reader(Report& report, const Reader& reader) {
  const std::string name = narrow(reader.name);
  if ((reader.state & SCARD_STATE_MUTE) != 0)
    return report.add(DeskSubject::reader, Status::warning, DeskFinding::reader_mute, {}, name);
  if ((reader.state & SCARD_STATE_EXCLUSIVE) != 0)
    return report.add(DeskSubject::reader, Status::warning, DeskFinding::reader_held, {}, name);
  report.add(DeskSubject::reader, Status::ok,
             has_card(reader) ? DeskFinding::reader_with_card : DeskFinding::reader_empty, {}, name);
}

}  // namespace

Readers check_card_service(Report& report) {
  const auto add = [&](Status status, DeskFinding finding, const std::vector<std::string>& values = {}) {
    report.add(DeskSubject::card_service, status, finding, values);
  };
  if (const auto service = state_of_service(L"SCardSvr"); service && service->state != SERVICE_RUNNING) {
    service->start == SERVICE_DISABLED ? add(Status::warning, DeskFinding::windows_service_disabled)
                                       : add(Status::warning, DeskFinding::windows_service_waits);
    return Readers::none;
  }
  const auto answer = within<Answer>(service_limit, ask_service);
  if (!answer) {
    add(Status::warning, DeskFinding::windows_service_hangs, {std::to_string(service_limit.count())});
    return Readers::not_seen;
  }
  if (answer->code != SCARD_S_SUCCESS) {
    const std::error_code error(static_cast<int>(answer->code), std::system_category());
    add(Status::warning, DeskFinding::windows_service_refuses, {error.message()});
    return Readers::not_seen;
  }
  add(Status::ok, DeskFinding::windows_service_answers);
  for (const Reader& reader : answer->readers) add_reader(report, reader);
  if (!answer->readers.empty())
    return std::ranges::any_of(answer->readers, has_card) ? Readers::with_card : Readers::some;
  report.add(DeskSubject::readers, Status::warning, DeskFinding::windows_readers_none);
  return Readers::none;
}

}  // namespace koshin::desk_check
