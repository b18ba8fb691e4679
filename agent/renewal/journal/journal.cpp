// SPDX-License-Identifier: MIT
// The journal in SQLite.
#include "renewal/journal/sqlite_journal.hpp"

#include <algorithm>
#include <initializer_list>
#include <system_error>

#include "foundation/base/small_letters.hpp"
#include "renewal/journal/journal_failure.hpp"
#include "renewal/journal/journal_file.hpp"
#include "renewal/journal/journal_rows.hpp"
#include "renewal/journal/journal_schema.hpp"

namespace koshin::renewal {
namespace {

constexpr std::chrono::seconds patience{20};  // SQLite's busy timeout: a busy disk takes seconds for a change
/// A larger one is looked through only where reading it has met damage: it takes longer than most jobs.
constexpr std::uintmax_t always_checked_size = 8U << 20U;
constexpr std::size_t most_history = 100'000;

template <typename Value>
std::vector<Value> collect(sqlite::Statement& rows, Value (*read)(sqlite::Statement&)) {
  std::vector<Value> all;
  while (rows.step()) all.push_back(read(rows));
  return all;
}

constexpr std::string_view of_token = "manufacturer = ? AND model = ? AND serial = ?";
constexpr std::string_view is_unfinished_row = "finished = 0";

std::string sql(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

class SqliteJournal final : public Journal {
 public:
  SqliteJournal(const std::filesystem::path& file, sqlite::Database::Access access)
      : file_(file), database_(file, patience, access) {
    if (access != sqlite::Database::Access::writing) {
      schema::require_current(database_, file);
      return;
    }
    prefer_write_ahead_log();
    database_.execute("PRAGMA synchronous = FULL");
    schema::migrate(database_, file);
    std::error_code unknown;
    const bool large = std::filesystem::file_size(file, unknown) >= always_checked_size;
    if (large && !is_suspect(file)) return;
    if (const std::string verdict = database_.pragma_text("PRAGMA quick_check(1)"); verdict != "ok") {
      throw sqlite::Error(SQLITE_CORRUPT, "SQLite: " + verdict);
    }
    forget_suspicion(file);
  }

  std::optional<Record> unfinished(const TokenKey& token) override {
    return guarded([&]() -> std::optional<Record> {
      auto rows = database_.prepare(sql(
          {select_renewal, "WHERE ", is_unfinished_row, " AND ", of_token, " ORDER BY number DESC LIMIT 1"}));
      rows.bind(token.manufacturer).bind(token.model).bind(token.serial);
      return rows.step() ? std::optional(read_record(rows)) : std::nullopt;
    });
  }

  std::vector<Record> all_unfinished() override {
    return guarded([&] {
      auto rows = database_.prepare(sql({select_renewal, "WHERE ", is_unfinished_row, " ORDER BY number"}));
      return collect(rows, read_record);
    });
  }

  void save(Record& record) override {
    guarded([&] {
      sqlite::Transaction transaction(database_);
      record.number == 0 ? insert(record) : update(record);
      const std::int64_t number = record.number == 0 ? database_.last_row() : record.number;
      transaction.commit();
      record.number = number;
    });
  }

  std::vector<Record> history(std::size_t limit) override {
    return guarded([&] {
      auto rows = database_.prepare(sql({select_renewal, "ORDER BY number DESC LIMIT ?"}));
      rows.bind(static_cast<std::int64_t>(std::min(limit, most_history)));
      return collect(rows, read_record);
    });
  }

  std::vector<Record> history_of(const TokenKey& token, std::size_t limit) override {
    return guarded([&] {
      auto rows =
          database_.prepare(sql({select_renewal, "WHERE ", of_token, " ORDER BY number DESC LIMIT ?"}));
      rows.bind(token.manufacturer).bind(token.model).bind(token.serial);
      rows.bind(static_cast<std::int64_t>(std::min(limit, most_history)));
      return collect(rows, read_record);
    });
  }

  std::optional<TokenMemory> memory(const TokenKey& token, std::string_view bank) override {
    return guarded([&] { return read_memory_of(token, bank); });
  }

  std::vector<TokenMemory> memories() override {
    return guarded([&] {
      auto rows = database_.prepare(sql({select_token, "ORDER BY last_seen DESC"}));
      std::vector<TokenMemory> all;
      for (TokenMemory& of_token_alone : collect(rows, read_memory)) {
        const auto banks = read_banks_of(of_token_alone);
        all.push_back(std::move(of_token_alone));
        all.insert(all.end(), banks.begin(), banks.end());
      }
      return all;
    });
  }

  void remember(const TokenKey& token, std::string_view bank,
                const std::function<void(TokenMemory&)>& change) override {
    guarded([&] {
      sqlite::Transaction transaction(database_);
      TokenMemory memory = read_memory_of(token, bank).value_or(TokenMemory{});
      memory.token = token;
      memory.bank = bank;
      change(memory);
      if (!bank.empty()) write_bank(memory);
      write_token(memory);
      transaction.commit();
    });
  }

  bool mailed(std::string_view certificate_sha256, std::string_view threshold) override {
    return guarded([&] {
      auto rows = database_.prepare("SELECT 1 FROM mail WHERE certificate_sha256 = ? AND threshold = ?");
      return rows.bind(certificate_sha256).bind(threshold).step();
    });
  }

  void remember_mailed(std::string_view certificate_sha256, std::string_view threshold,
                       TimePoint sent) override {
    guarded([&] {
      auto statement = database_.prepare("INSERT OR REPLACE INTO mail VALUES (?,?,?)");
      statement.bind(certificate_sha256).bind(threshold).bind(std::optional(sent)).run();
    });
  }

 private:
  std::optional<TokenMemory> read_memory_of(const TokenKey& token, std::string_view bank) {
    const std::string query = sql({select_token, "WHERE ", of_token});
    auto rows = database_.prepare(query);
    rows.bind(token.manufacturer).bind(token.model).bind(token.serial);
    if (!rows.step()) return {};
    TokenMemory memory = read_memory(rows);
    if (bank.empty()) return memory;
    auto banks = read_banks_of(memory);
    auto found = std::ranges::find(banks, bank, &TokenMemory::bank);
    if (found == banks.end())
      found = std::ranges::find_if(banks, [&](const auto& one) { return is_same_bank(one.bank, bank); });
    if (found != banks.end()) {
      found->bank = bank;
      return std::move(*found);
    }
    copy_bank(TokenMemory{}, memory);
    memory.bank = bank;
    return memory;
  }

  /// The memories of a token: the token's own, completed for each bank.
  std::vector<TokenMemory> read_banks_of(const TokenMemory& of_token_alone) {
    const TokenKey& token = of_token_alone.token;
    const std::string query = sql({select_token_bank, "WHERE ", of_token, " ORDER BY bank"});
    auto rows = database_.prepare(query);
    rows.bind(token.manufacturer).bind(token.model).bind(token.serial);
    std::vector<TokenMemory> all;
    while (rows.step()) read_bank(rows, all.emplace_back(of_token_alone));
    return all;
  }

  void write_bank(const TokenMemory& memory) {
    auto statement =
        database_.prepare("INSERT OR REPLACE INTO token_bank VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    bind_bank(statement, memory);
    statement.run();
  }

  /// Writes the row of table `token`. Members of a named bank are stored in table `token_bank` instead.
  void write_token(TokenMemory memory) {
    if (!memory.bank.empty()) {
      const auto before = read_memory_of(memory.token, {});
      copy_bank(before ? *before : TokenMemory{}, memory);
    }
    auto statement =
        database_.prepare("INSERT OR REPLACE INTO token VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    bind_memory(statement, memory);
    statement.run();
  }

  /// In WAL mode a commit takes one fsync instead of three. Where the file system does not support WAL (no
  /// shared memory, as on NFS) or another process is writing, the file keeps its journal mode: every mode
  /// survives a killed process.
  void prefer_write_ahead_log() const {
    if (database_.pragma_text("PRAGMA journal_mode") == "wal") return;
    try {
      database_.execute("PRAGMA journal_mode = WAL");
    } catch (const sqlite::Error& error) {
      if (error.corrupt()) throw;
    }
  }

  void insert(const Record& record) const {
    auto statement = database_.prepare(
        "INSERT INTO renewal (state, finished, key_id, public_key, request, certificate, ask_again,"
        " failure_reason, failure_detail, failure_retry_after, changed, new_not_after, key_algorithm,"
        " pair_sent, pair_refused, wrong_answer, wrong_answers, exchange_state, replaced_certificate,"
        " manufacturer, model, serial, token_label, enrollment, old_sha256, same_key, started, bank)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    bind_progress(statement, record);
    statement.bind(record.token.manufacturer).bind(record.token.model).bind(record.token.serial);
    statement.bind(record.token_label).bind(std::int64_t{record.enrollment}).bind(record.old_sha256);
    statement.bind(std::int64_t{record.same_key}).bind(std::optional(record.started)).bind(record.bank).run();
  }

  void update(const Record& record) const {
    const std::string text = sql(
        {"UPDATE renewal SET state = ?, finished = ?, key_id = ?, public_key = ?, request = ?,"
         " certificate = ?, ask_again = ?, failure_reason = ?, failure_detail = ?, failure_retry_after = ?,"
         " changed = ?, new_not_after = ?, key_algorithm = ?, pair_sent = ?, pair_refused = ?,"
         " wrong_answer = ?, wrong_answers = ?, exchange_state = ?, replaced_certificate = ?"
         " WHERE number = ? AND ",
         is_unfinished_row});
    auto statement = database_.prepare(text);
    bind_progress(statement, record);
    statement.bind(record.number).run();
    if (database_.changes() == 1) return;
    fail(Reason::internal_error,
         "renewal " + std::to_string(record.number) + " is finished or unknown in " + file_.string());
  }

  template <typename Work>
  auto guarded(Work work) const -> decltype(work()) {
    try {
      return work();
    } catch (const sqlite::Error& error) {
      if (error.corrupt()) suspect(file_);
      fail(reason_of(error, file_), detail_of(error, file_));
    }
  }

  std::filesystem::path file_;
  sqlite::Database database_;
};

}  // namespace

std::unique_ptr<Journal> make_sqlite_journal(const std::filesystem::path& file,
                                             sqlite::Database::Access access) {
  return std::make_unique<SqliteJournal>(file, access);
}

}  // namespace koshin::renewal
