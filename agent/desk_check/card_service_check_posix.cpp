// SPDX-License-Identifier: MIT
// pcscd, asked as any program asks it, with a limit: a daemon whose reader hangs holds its clients up too.
#include <winscard.h>

#include <algorithm>

#include "card_service/service_socket_posix.hpp"
#include "desk_check/checks.hpp"
#include "foundation/base/text.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

bool service_is_installed() {
  std::error_code error;
  return std::ranges::any_of(std::vector<fs::path>{"/usr/sbin/pcscd", "/usr/local/sbin/pcscd"},
                             [&](const fs::path& program) { return fs::exists(program, error); });
}

struct Reader {
  std::string name;
  DWORD state = SCARD_STATE_UNKNOWN;
};

struct Answer {
  LONG code = SCARD_S_SUCCESS;
  std::vector<Reader> readers{};
};

std::vector<Reader> parse_names(const std::string& names) {
  std::vector<Reader> readers;
  for (const char* name = names.c_str(); *name != '\0'; name += readers.back().name.size() + 1)
    readers.push_back({name});
  return readers;
}

LONG list_readers(SCARDCONTEXT context, std::vector<Reader>& readers) {
  DWORD length = 0;
  LONG code = SCardListReaders(context, nullptr, nullptr, &length);
  if (code == static_cast<LONG>(SCARD_E_NO_READERS_AVAILABLE)) return SCARD_S_SUCCESS;
  std::string names(length, '\0');
  if (code == SCARD_S_SUCCESS) code = SCardListReaders(context, nullptr, names.data(), &length);
  if (code == SCARD_S_SUCCESS) readers = parse_names(names);
  return code;
}

/// What is in each reader, without waiting for a change.
void ask_states(SCARDCONTEXT context, std::vector<Reader>& readers) {
  for (Reader& reader : readers) {
    SCARD_READERSTATE state{};
    state.szReader = reader.name.c_str();
    if (SCardGetStatusChange(context, 0, &state, 1) == SCARD_S_SUCCESS) reader.state = state.dwEventState;
  }
}

Answer ask_service() {
  SCARDCONTEXT context = 0;
  Answer answer;
  answer.code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
  if (answer.code != SCARD_S_SUCCESS) return answer;
  answer.code = list_readers(context, answer.readers);
  ask_states(context, answer.readers);
  SCardReleaseContext(context);
  return answer;
}

void add_reader(Report& report, const Reader& reader) {
  if ((reader.state & SCARD_STATE_MUTE) != 0)
    return report.add(DeskSubject::reader, Status::warning, DeskFinding::reader_mute, {}, reader.name);
  if ((reader.state & SCARD_STATE_EXCLUSIVE) != 0)
    return report.add(DeskSubject::reader, Status::warning, DeskFinding::reader_held, {}, reader.name);
  const bool card = (reader.state & SCARD_STATE_PRESENT) != 0;
  report.add(DeskSubject::reader, Status::ok,
             card ? DeskFinding::reader_with_card : DeskFinding::reader_empty, {}, reader.name);
}

Readers check_readers(Report& report, const std::vector<Reader>& readers) {
  for (const Reader& reader : readers) add_reader(report, reader);
  if (!readers.empty()) return Readers::some;
  const auto devices = usb_readers("/sys/bus");
  if (!devices) {
    report.add(DeskSubject::readers, Status::warning, DeskFinding::readers_not_told);
    return Readers::not_seen;
  }
  if (devices->empty()) {
    report.add(DeskSubject::readers, Status::warning, DeskFinding::readers_none);
    return Readers::none;
  }
  report.add(DeskSubject::readers, Status::warning, DeskFinding::reader_unknown_to_service,
             {joined(*devices)});
  return Readers::some;
}

}  // namespace

Readers check_card_service(Report& report) {
  std::error_code error;
  const fs::path socket = pcsc::service_socket();
  const auto add = [&](Status status, DeskFinding finding, const std::vector<std::string>& values = {}) {
    report.add(DeskSubject::card_service, status, finding, values);
  };
  if (!fs::exists(socket, error)) {
    service_is_installed() ? add(Status::warning, DeskFinding::card_service_stopped, {socket.string()})
                           : add(Status::warning, DeskFinding::card_service_absent);
    return Readers::not_seen;
  }
  const auto answer = within<Answer>(service_limit, ask_service);
  if (!answer) {
    add(Status::warning, DeskFinding::card_service_hangs, {std::to_string(service_limit.count())});
    return Readers::not_seen;
  }
  if (answer->code != SCARD_S_SUCCESS) {
    add(Status::warning, DeskFinding::card_service_refuses, {pcsc_stringify_error(answer->code)});
    return Readers::not_seen;
  }
  add(Status::ok, DeskFinding::card_service_answers);
  return check_readers(report, answer->readers);
}

}  // namespace koshin::desk_check
