// SPDX-License-Identifier: MIT
// The metrics' text, in the exposition format 0.0.4.
#include "resident/metrics.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "foundation/base/small_letters.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"
#include "resident/present_tokens.hpp"

namespace koshin::resident {
namespace {

using renewal::Record;
using renewal::TokenKey;
using renewal::TokenMemory;

constexpr std::size_t max_label = 200;

/// A token's own words: what steers a terminal is made harmless. A line break has a spelling of its own.
std::string escaped(std::string_view value) {
  std::string text;
  while (!value.empty()) {
    const std::string_view piece = value.substr(0, value.find('\n'));
    for (const char c : printable(piece, max_label)) {
      if (c == '\\' || c == '"') text += '\\';
      text += c;
    }
    value.remove_prefix(piece.size());
    if (value.empty()) break;
    text += "\\n";
    value.remove_prefix(1);
  }
  return text;
}

/// A token that is in or was: what is known of it, once for each bank.
struct Row {
  TokenKey key;
  std::string user{};  ///< whose agent tells of it
  std::string bank{};
  std::string label{}, decision{};
  std::optional<TimePoint> not_after{}, last_seen{};
  const Standing* standing = nullptr;
};

/// What tells one row from the others. A bank without a name has no label for it.
std::string labels(const Row& row) {
  const TokenKey& key = row.key;
  return "user=\"" + escaped(row.user) + "\",serial=\"" + escaped(key.serial) + "\",manufacturer=\"" +
         escaped(key.manufacturer) + "\",model=\"" + escaped(key.model) + "\",label=\"" + escaped(row.label) +
         "\"" + (row.bank.empty() ? "" : ",bank=\"" + escaped(row.bank) + "\"");
}

class Text {
 public:
  void family(std::string_view name, std::string_view help) {
    name_ = name;
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " gauge\n";
  }
  /// Labels that were there already are left out: one sample too many, and a collector takes none of the
  /// file.
  void sample(const std::string& sample_labels, std::int64_t value) {
    if (!seen_.insert(name_ + sample_labels).second) return;
    text_ += name_ + "{" + sample_labels + "} " + std::to_string(value) + "\n";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_, text_;
  std::set<std::string> seen_;
};

std::int64_t seconds_of(TimePoint time) {
  return time.time_since_epoch().count();
}

std::vector<Row> rows_of(const std::vector<Standing>& standings, const std::vector<TokenMemory>& memories,
                         const std::string& user) {
  std::vector<Row> rows;
  rows.reserve(memories.size() + standings.size());
  for (const TokenMemory& memory : memories) {
    rows.push_back({memory.token, user, memory.bank, memory.label, memory.last_decision, memory.not_after,
                    memory.last_seen});
  }
  for (const Standing& standing : standings) {
    const TokenKey key = renewal::token_key(standing.report);
    auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& other) {
      return other.key == key && other.bank == standing.bank;
    });
    if (row == rows.end()) {
      // Somebody else's token is nobody's business.
      if (standing.decision == renewal::Decision::nothing_of_ours) continue;
      row = rows.insert(rows.end(), Row{.key = key, .user = user, .bank = standing.bank});
    }
    row->label = standing.report.label;
    row->decision = renewal::to_string(standing.decision);
    if (standing.not_after) row->not_after = standing.not_after;
    row->standing = &standing;
  }
  return rows;
}

/// A renewal from before the banks had names is of the one that has none.
bool is_of(const Record& record, const Row& row) {
  return is_same_bank(record.bank, row.bank) || (record.bank.empty() && row.bank == base_bank);
}

void pin_states(Text& text, const std::vector<Row>& rows) {
  text.family("koshin_token_pin_state", "Whether this is what the token last said of its PIN (1 or 0).");
  for (const Row& row : rows) {
    if (row.standing == nullptr) continue;
    const messages::TokenReport& report = row.standing->report;
    const std::string_view now = report.pin_locked      ? "locked"
                                 : report.pin_final_try ? "final_try"
                                 : report.pin_count_low ? "count_low"
                                 : !report.pin_set      ? "not_set"
                                                        : "ok";
    for (const std::string_view state : {"ok", "count_low", "final_try", "locked", "not_set"}) {
      text.sample(labels(row) + ",state=\"" + std::string(state) + "\"", state == now ? 1 : 0);
    }
  }
}

void last_results(Text& text, const std::vector<Row>& rows, const std::vector<Record>& history) {
  const auto last_of = [&](const Row& row) {
    return std::find_if(history.begin(), history.end(),
                        [&](const Record& record) { return record.token == row.key && is_of(record, row); });
  };
  text.family("koshin_renewal_last_result",
              "1; the label result says how the token's last renewal stands or what stopped it.");
  for (const Row& row : rows) {
    const auto last = last_of(row);
    if (last == history.end()) continue;
    const bool stopped = last->last_failure && last->state != renewal::State::completed;
    const std::string_view result =
        stopped ? info(last->last_failure->reason).id : renewal::to_string(last->state);
    text.sample(labels(row) + ",result=\"" + std::string(result) + "\"", 1);
  }
  text.family("koshin_renewal_last_changed_timestamp_seconds",
              "When the token's last renewal made its last step.");
  for (const Row& row : rows) {
    const auto last = last_of(row);
    if (last != history.end()) text.sample(labels(row), seconds_of(last->changed));
  }
}

}  // namespace

std::string metrics_text(const std::vector<Standing>& standings, const std::vector<TokenMemory>& memories,
                         const std::vector<Record>& history, const std::string& user) {
  const std::vector<Row> rows = rows_of(standings, memories, user);
  Text text;
  text.family("koshin_certificate_not_after_timestamp_seconds", "When the certificate on the token expires.");
  for (const Row& row : rows) {
    if (row.not_after) text.sample(labels(row), seconds_of(*row.not_after));
  }
  text.family("koshin_token_present", "Whether the token is in (1 or 0).");
  for (const Row& row : rows) text.sample(labels(row), row.standing != nullptr ? 1 : 0);
  text.family("koshin_token_last_seen_timestamp_seconds", "When the agent last looked at the token.");
  for (const Row& row : rows) {
    if (row.last_seen) text.sample(labels(row), seconds_of(*row.last_seen));
  }
  text.family("koshin_decision", "1; the label decision says what the token calls for.");
  for (const Row& row : rows) text.sample(labels(row) + ",decision=\"" + escaped(row.decision) + "\"", 1);
  pin_states(text, rows);
  last_results(text, rows, history);
  return text.take();
}

}  // namespace koshin::resident
