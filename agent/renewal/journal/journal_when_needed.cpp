// SPDX-License-Identifier: MIT
// A journal that opens its file at the first use.
#include "renewal/journal/journal.hpp"

namespace koshin::renewal {
namespace {

class JournalWhenNeeded final : public Journal {
 public:
  JournalWhenNeeded(std::filesystem::path file, WallClock clock, IfDamaged damaged)
      : file_(std::move(file)), clock_(std::move(clock)), damaged_(damaged) {}

  void ensure_open() override {
    if (damaged_ == IfDamaged::leave) opened();
    if (!journal_) journal_ = Journal::open(file_, clock_);
  }
  std::optional<Record> unfinished(const TokenKey& token) override { return opened().unfinished(token); }
  std::vector<Record> all_unfinished() override { return opened().all_unfinished(); }
  void save(Record& record) override { opened().save(record); }
  std::vector<Record> history(std::size_t limit) override { return opened().history(limit); }
  std::vector<Record> history_of(const TokenKey& token, std::size_t limit) override {
    return opened().history_of(token, limit);
  }
  std::optional<TokenMemory> memory(const TokenKey& token, std::string_view bank) override {
    return opened().memory(token, bank);
  }
  std::vector<TokenMemory> memories() override { return opened().memories(); }
  void remember(const TokenKey& token, std::string_view bank,
                const std::function<void(TokenMemory&)>& change) override {
    opened().remember(token, bank, change);
  }
  bool mailed(std::string_view certificate_sha256, std::string_view threshold) override {
    return opened().mailed(certificate_sha256, threshold);
  }
  void remember_mailed(std::string_view certificate_sha256, std::string_view threshold,
                       TimePoint sent) override {
    opened().remember_mailed(certificate_sha256, threshold, sent);
  }

 private:
  Journal& opened() {
    if (!journal_) journal_ = Journal::open_unless_damaged(file_);
    return *journal_;
  }

  std::filesystem::path file_;
  WallClock clock_;
  IfDamaged damaged_;
  std::unique_ptr<Journal> journal_;
};

}  // namespace

std::unique_ptr<Journal> Journal::open_when_needed(const std::filesystem::path& file, const WallClock& clock,
                                                   IfDamaged damaged) {
  return std::make_unique<JournalWhenNeeded>(file, clock, damaged);
}

}  // namespace koshin::renewal
