// SPDX-License-Identifier: MIT
#include "no_page.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <string>

#include "foundation/log/log.hpp"
#include "foundation/texts/desk.hpp"
#include "notification.hpp"

namespace koshin::ui {

void tell_of_no_page(const Options& options, Language language, View& view) {
  const Notice notice{language, std::string(texts::desk_no_page_title.in(language)),
                      std::string(texts::desk_no_page_body.in(language))};
  std::fprintf(stderr, "koshin: %s\n%s\n", notice.title.c_str(), notice.text.c_str());
  log::error(log::Event::none,
             "no page was opened: koshin does not know how this system tells whose a connection is; "
             "koshin renew does the same in a terminal");
  if (!options.page_only) return;
  boost::asio::io_context context;
  const auto delivery =
      Notifier::connect(context)->show({.title = notice.title, .body = notice.text, .actions = {}}, {});
  if (delivery == Notifier::Delivery::no_server) view.show_instead(notice);
}

}  // namespace koshin::ui
