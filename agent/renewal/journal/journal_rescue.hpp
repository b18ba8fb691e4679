// SPDX-License-Identifier: MIT
// What a damaged journal still gives out, copied into a new one.
#pragma once

#include <cstddef>
#include <filesystem>

namespace koshin::renewal {

/// How many rows were copied.
struct Rescued {
  std::size_t renewals = 0;     ///< records, the unfinished ones among them
  std::size_t unfinished = 0;   ///< of these
  std::size_t tokens = 0;       ///< what is remembered of tokens, without a bank
  std::size_t others = 0;       ///< what banks remember of tokens, and the mails and hooks that are done
  std::size_t left_out = 0;     ///< rows that SQLite reads and whose content is garbage
  std::size_t without_old = 0;  ///< renewals that were copied without the certificate to be written back
  bool anything() const { return renewals + tokens + others != 0; }
};

/// Makes the journal `fresh`, whose name must be free, of each row that SQLite reads in `damaged`, whose
/// content is whole (row_content.hpp) and that the tables of its version take, and brings it up to date;
/// `damaged` stays as it is. Nothing is taken of a file that does not say its version any more. The new file
/// is durable, and in one piece without companions. Throws sqlite::Error when it cannot be written, and as
/// schema::migrate() does.
Rescued rescue(const std::filesystem::path& damaged, const std::filesystem::path& fresh);

}  // namespace koshin::renewal
