// SPDX-License-Identifier: MIT
// The frame of the bank's few HTML pages.
#pragma once

#include "bank/http_types.hpp"

namespace koshin::bank {

/// ?lang=ja or ?lang=en, else whichever of the two Accept-Language names first, else Japanese.
bool wants_japanese(const Request& request);
/// `body` is HTML; `title` is text. No script, nothing fetched, never cached.
Response html_page(int status, bool japanese, const std::string& title, const std::string& body);

}  // namespace koshin::bank
