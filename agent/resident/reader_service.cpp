// SPDX-License-Identifier: MIT
// The readers as PC/SC tells of them, on whichever system.
#include "resident/reader_service.hpp"

#include <algorithm>
#include <atomic>
#include <span>
#include <string>

#include "card_service/pcsc.hpp"
#include "card_service/pcsc_error.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/pipe.hpp"
#include "resident/service_presence.hpp"

namespace koshin::resident {
namespace {

using std::chrono::milliseconds;

// libpcsclite looks after its daemon once a minute when asked to wait for ever; with a limit it just waits. A
// daemon that dies closes the socket, which ends the wait anyway.
constexpr milliseconds longest_wait = std::chrono::days{24};
// Where the service does not tell of every release, we ask again while a card is held, ever more seldom.
constexpr milliseconds first_pause_while_held{1000}, longest_pause_while_held{64'000};

ReaderState told(const pcsc::ReaderQuestion& question) {
  const std::uint32_t flags = question.told;
  ReaderState reader{.name = question.reader};
  reader.mute = (flags & pcsc::state::mute) != 0;
  reader.card = (flags & pcsc::state::present) != 0 && !reader.mute;
  reader.exclusive = (flags & pcsc::state::exclusive) != 0;
  reader.events = flags >> pcsc::state::count_shift;
  if (reader.card) reader.atr = to_hex(question.atr);
  return reader;
}

class PcscReaders final : public ReaderService {
 public:
  std::optional<Snapshot> wait() override {
    while (!cancelled_) {
      try {
        if (!connection_->is_open() && !connect()) break;
        return wait_for_change();
      } catch (const std::system_error& error) {
        drop(error);
      }
    }
    return {};
  }

  void cancel() override {
    cancelled_ = true;
    wake_.set_off();
    connection_->cancel();
  }

 private:
  /// False when cancelled.
  bool connect() {
    if (pause_.end() && !service_->wait_for_service(*pause_.end())) return false;
    connection_->open();
    restarted_ = known_once_;
    known_.clear();
    relist_ = true;
    return true;
  }

  void drop(const std::system_error& error) {
    if (connected_) {
      log::warning(log::Event::service_lost, "The smart card service went away; waiting for it.",
                   {{"KOSHIN_DETAIL", error.what()}});
    } else if (!told_waiting_) {
      told_waiting_ = true;
      log::warning(log::Event::service_lost,
                   "No smart card service (on Linux pcscd) answers; waiting for it. Tokens in readers are "
                   "not seen until then. koshin doctor says what to do.",
                   {{"KOSHIN_DETAIL", error.what()}});
    }
    connected_ = false;
    connection_->close();
    pause_.failed();
  }

  /// Empty when cancelled.
  std::optional<Snapshot> wait_for_change() {
    while (!cancelled_) {
      if (relist_) list();
      switch (ask()) {
        case pcsc::Waited::unknown_reader:
          relist_ = true;
          continue;
        case pcsc::Waited::cancelled:
          return {};
        case pcsc::Waited::time_over:
          pause_while_held_ = std::min(2 * pause_while_held_, longest_pause_while_held);
          continue;
        case pcsc::Waited::changed:
          break;
      }
      if (accept()) return take_snapshot();
    }
    return {};
  }

  void list() {
    const std::vector<std::string> names = connection_->readers();
    std::vector<Known> fresh;
    for (const std::string& name : names) {
      std::uint32_t last = pcsc::state::unaware;
      for (const Known& known : known_) {
        if (known.name == name) last = known.last;
      }
      fresh.push_back({name, last, {}});
    }
    known_ = std::move(fresh);
    reader_count_ = static_cast<std::uint32_t>(names.size()) << pcsc::state::count_shift;
    relist_ = false;
    told_first_ = false;
  }

  pcsc::Waited ask() {
    questions_.clear();
    for (const Known& known : known_) questions_.push_back({.reader = known.name, .known = known.last});
    questions_.push_back({.reader = pcsc::plug_and_play, .known = reader_count_});
    // The first question after a listing tells how things stand and waits for nothing.
    const pcsc::Waited waited = connection_->wait(told_first_ ? patience() : milliseconds{0}, questions_);
    return !told_first_ && waited == pcsc::Waited::time_over ? pcsc::Waited::changed : waited;
  }

  milliseconds patience() const {
    const bool held =
        std::any_of(known_.begin(), known_.end(), [](const Known& known) { return known.state.exclusive; });
    return held && !pcsc::tells_of_every_release() ? pause_while_held_ : longest_wait;
  }

  /// Takes over what was told; false when it was only that the list of readers has changed.
  bool accept() {
    const bool list_changed = (questions_.back().told & pcsc::state::changed) != 0 && told_first_;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const std::uint32_t flags = questions_[i].told;
      if ((flags & (pcsc::state::unknown | pcsc::state::ignore)) != 0) {
        relist_ = true;
        return false;
      }
      known_[i].last = flags & ~pcsc::state::changed;
      known_[i].state = told(questions_[i]);
    }
    if (list_changed) {
      relist_ = true;
      return false;
    }
    told_first_ = true;
    pause_while_held_ = first_pause_while_held;
    return true;
  }

  Snapshot take_snapshot() {
    Snapshot snapshot{{}, restarted_};
    for (const Known& known : known_) snapshot.readers.push_back(known.state);
    restarted_ = false;
    connected_ = known_once_ = true;
    pause_.succeeded();
    return snapshot;
  }

  struct Known {
    std::string name;
    std::uint32_t last = pcsc::state::unaware;
    ReaderState state;
  };

  std::atomic<bool> cancelled_ = false;
  WakeUp wake_;
  std::unique_ptr<ServicePresence> service_ = ServicePresence::watch(wake_.handle());
  ServicePause pause_;
  std::unique_ptr<pcsc::Connection> connection_ = pcsc::Connection::make();
  std::vector<Known> known_;
  std::vector<pcsc::ReaderQuestion> questions_;
  std::uint32_t reader_count_ = 0;
  milliseconds pause_while_held_ = first_pause_while_held;
  bool relist_ = true, told_first_ = false;
  bool told_waiting_ = false;
  bool connected_ = false, known_once_ = false, restarted_ = false;
};

}  // namespace

std::unique_ptr<ReaderService> open_reader_service() {
  return std::make_unique<PcscReaders>();
}

}  // namespace koshin::resident
