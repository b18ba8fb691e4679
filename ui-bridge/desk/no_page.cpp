// SPDX-License-Identifier: MIT
#include "no_page.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <string>

#include "foundation/log/log.hpp"
#include "foundation/texts/desk.hpp"
#include "notification.hpp"

namespace koshin::ui {

void tell_of_no_page(const Options& options, Language language) {
  const std::string title(texts::desk_no_page_title.in(language));
  const std::string body(texts::desk_no_page_body.in(language));
  std::fprintf(stderr, "koshin: %s\n%s\n", title.c_str(), body.c_str());
  log::error(
      log::Event::none,
      "no page was opened: this system does not tell whose a connection is; koshin renew does the same "
      "in a terminal");
  if (!options.page_only) return;
  boost::asio::io_context context;
  (void)Notifier::connect(context)->show({.title = title, .body = body, .actions = {}}, {});
}

}  // namespace koshin::ui
