// SPDX-License-Identifier: MIT
// A screen's content as sent to the page: a list of objects, each with the `kind` of its block.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ui-bridge/wizard/screen_content.hpp"

namespace koshin::ui {

nlohmann::json content_json(const ScreenContent& content);

}  // namespace koshin::ui
