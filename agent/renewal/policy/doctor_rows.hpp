// SPDX-License-Identifier: MIT
// The doctor's texts in both languages: the subjects of its checks, and the shape of a row of findings. The
// findings are in doctor_rows_here.hpp and doctor_rows_authority.hpp. Included by doctor_words.cpp only.
#pragma once

#include <array>
#include <string_view>

#include "foundation/base/language.hpp"
#include "renewal/policy/doctor_words.hpp"

namespace koshin::renewal {

struct ExaminedRow {
  Examined examined;
  std::string_view id;
  Text name;
};

inline constexpr std::array<ExaminedRow, examined_count> examined_rows{{
    {Examined::settings, "settings", {"settings", "設定"}},
    {Examined::journal, "journal", {"journal", "更新の記録"}},
    {Examined::memory_lock, "memory_lock", {"memory lock", "メモリの固定"}},
    {Examined::registered_modules, "registered_modules", {"registered modules", "登録済みモジュール"}},
    {Examined::module, "module", {"module {0}", "モジュール {0}"}},
    {Examined::token, "token", {"token", "トークン"}},
    {Examined::pin, "pin", {"PIN", "PIN"}},
    {Examined::log_in, "log_in", {"log-in to the token", "トークンへのログイン"}},
    {Examined::mechanisms, "mechanisms", {"mechanisms", "暗号方式"}},
    {Examined::pairs, "pairs", {"pairs", "証明書と鍵の組"}},
    {Examined::certificate, "certificate", {"certificate", "証明書"}},
    {Examined::strength, "strength", {"strength", "暗号の強度"}},
    {Examined::key, "key", {"private key", "秘密鍵"}},
    {Examined::anchors, "anchors", {"trust anchors", "信頼する認証局"}},
    {Examined::proxy, "proxy", {"proxy", "プロキシ"}},
    {Examined::authority, "authority", {"authority", "認証局"}},
    {Examined::authority_log_in, "authority_log_in", {"log-in there", "認証局へのログイン"}},
    {Examined::clock, "clock", {"clock", "時計"}},
    {Examined::chain, "chain", {"chain", "証明書チェーン"}},
    {Examined::attributes, "attributes", {"attributes", "申請の条件"}},
    {Examined::new_key, "new_key", {"new key", "新しい鍵"}},
    {Examined::security_officer, "security_officer", {"security officer", "セキュリティ管理者"}},
    {Examined::proof, "proof", {"proof", "ログインの確認"}},
}};

struct FindingRow {
  Finding finding;
  std::string_view id;
  Text text;
  Text advice;  ///< empty: that of the check's reason, if it has one
};

}  // namespace koshin::renewal
