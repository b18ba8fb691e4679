// SPDX-License-Identifier: MIT
// The agent's looks at tokens: which modules are asked, when again, and which tokens are there as far as they
// have answered. One module after the other, one worker at a time, until the new card's token is found.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "resident/module_health.hpp"
#include "resident/present_tokens.hpp"
#include "resident/sightings.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

/// The earlier of two times, each of which there may be or not.
inline void take_earlier(std::optional<TimePoint>& first, const std::optional<TimePoint>& other) {
  if (other && (!first || *other < *first)) first = other;
}

class Inspections {
 public:
  /// What follows from the looks.
  class Listener {
   public:
    virtual ~Listener() = default;
    /// These tokens were looked at, each for the given reason.
    virtual void seen(const Seen& tokens) = 0;
    /// Tokens are gone.
    virtual void gone() = 0;
  };

  /// A reason to look at modules.
  struct Request {
    renewal::Trigger trigger = renewal::Trigger::insertion;
    std::string reader{};                ///< whose card is new; empty: none in particular
    std::vector<std::string> modules{};  ///< empty: all, in order of trial
  };

  /// All outlive this. `readers`: as they are at any time.
  Inspections(World& world, Listener& listener, const std::vector<ReaderState>& readers)
      : world_(world), listener_(listener), readers_(readers) {}

  /// Looks at nothing until the next use(): the settings are wrong, which each insertion is a reason to tell.
  void stop(const Failure& mistake) { mistake_ = mistake; }
  bool are_stopped() const { return mistake_.has_value(); }
  /// The modules of the settings; new settings are a reason to ask those that rest.
  void use(std::vector<std::string> modules);
  void look(Request request);
  /// At the module that showed the token last.
  void look_again(const renewal::TokenKey& token);
  /// At all modules whose tokens are there.
  void look_at_all(renewal::Trigger trigger);
  /// The answer of the worker.
  void on_inspected(const messages::Event& answer);

  void card_is_out(const std::string& reader);
  /// The card is in exclusive use by another program.
  void card_is_held(const std::string& reader) { held_.insert(reader); }
  /// It is not any more: looked at, where nobody could until now.
  void card_is_free(const std::string& reader);

  /// Looks at what is due again.
  void on_alarm();
  /// The first time at which something is due again.
  std::optional<TimePoint> next() const;
  /// The clock was set: what the old one computed must not keep anything waiting.
  void on_clock_change();
  /// Whether nothing is being looked at, and no token is there.
  bool idle() const { return !run_ && tokens_.all().empty(); }

  PresentTokens& tokens() { return tokens_; }
  const PresentTokens& tokens() const { return tokens_; }

 private:
  struct Run {
    Request request;
    std::deque<std::string> left;
    std::string asked;
    bool with_readers = false;  ///< `asked` was to tell which token is in which reader
    bool found = false;         ///< the new card's token
    bool reader_gone = false;   ///< pulled while we looked
    std::optional<TimePoint> worth_a_retry;
    Seen seen;
  };

  void start_next();
  void ask_next_module();
  void module_failed(const Failure& failure);
  /// The module shows no token, and the worker saw that another program holds a card: not the module's doing.
  void another_holds_it(const Failure& failure);
  void absorb(const messages::InspectResult& result);
  void finish_run();
  bool several_cards() const;

  World& world_;
  Listener& listener_;
  const std::vector<ReaderState>& readers_;
  std::vector<std::string> modules_;
  std::optional<Failure> mistake_;  ///< in the settings as they are now
  PresentTokens tokens_;
  Sightings sightings_{world_, tokens_, readers_};
  ModuleHealth health_;
  std::deque<Request> queue_;
  std::optional<Run> run_;
  std::set<std::string> held_;              ///< readers whose card nobody could look at yet
  std::map<std::string, TimePoint> retry_;  ///< by reader: a card whose module was resting
};

}  // namespace koshin::resident
