// SPDX-License-Identifier: MIT
// Where an open page is: what a window and the koshin-ui that a link has started tell each other.
#pragma once

#include <string>

namespace koshin::ui {

/// The two addresses of the page.
struct PageAddress {
  std::string file;  ///< a file that redirects to the page; empty when the browser cannot read files
  std::string url;   ///< the page's own address, visible in process lists once it is used
};

}  // namespace koshin::ui
