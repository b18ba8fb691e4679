// SPDX-License-Identifier: MIT
// The page's server, its session, and the browser.
#include "page_view.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <utility>

#include "desktop/default_application.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/peer_owner.hpp"
#include "notice_file.hpp"
#include "page_api.hpp"
#include "page_json.hpp"
#include "redirect_file.hpp"
#include "ui-bridge/server/page_server.hpp"

namespace koshin::ui {

namespace {

using std::chrono::steady_clock;

// Time for a browser to start and read the file that redirects to the page.
constexpr std::chrono::seconds time_for_file{20};
// A quick token takes its steps within milliseconds. Drawing each of them would delay the renewal.
constexpr std::chrono::milliseconds between_pictures{50};

class PageView final : public View {
 public:
  PageView(boost::asio::io_context& context, Wizard& wizard, ViewListener& listener, PageViewOptions options)
      : context_(context),
        listener_(listener),
        options_(std::move(options)),
        show_timer_(context_),
        browser_timer_(context_),
        api_(wizard, gate_, options_.settings, surroundings()) {}

  void open() override;
  PageAddress show_again() override;
  void show_instead(const Notice& notice) override;
  void show(const Model& model) override;
  void close() override;
  bool is_watched() const override { return server_ && server_->stream_open(); }

 private:
  PageApi::Surroundings surroundings();
  std::string state() const { return view_json(model_, options_.settings, version_); }
  std::string url() const;
  void print(const std::string& url) const;
  void open_browser(const std::string& url);
  void browser_failed();
  void person_acted();
  void settle_browser();
  void stream_started();
  void supersede();
  void send_state();

  boost::asio::io_context& context_;
  ViewListener& listener_;
  PageViewOptions options_;
  boost::asio::steady_timer show_timer_, browser_timer_;
  SessionGate gate_;
  PageApi api_;
  std::unique_ptr<RedirectFile> redirect_;
  std::unique_ptr<PageServer> server_;
  Model model_;  ///< the last model of show()
  unsigned long version_ = 0;
  Screen sent_ = Screen::loading;
  steady_clock::time_point sent_at_{};
  bool arrived_ = false, show_timer_armed_ = false;
};

PageApi::Surroundings PageView::surroundings() {
  return {.view = [this] { return state(); },
          .person_acted = [this] { person_acted(); },
          .stream_started = [this] { stream_started(); },
          .stream_ended = [this] { listener_.left(); },
          .other_tab = [this] { supersede(); },
          .port = [this] { return server_->port(); }};
}

std::string PageView::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + "/#" + gate_.capability();
}

void PageView::print(const std::string& url) const {
  std::printf("%s\n", url.c_str());
  std::fflush(stdout);
}

void PageView::open() {
  server_ = PageServer::open(context_, api_);
  log::info(log::Event::page_opened, "the wizard's page is open",
            {{"KOSHIN_PORT", std::to_string(server_->port())}});
  if (options_.print_url) {
    print(url());
  } else if (options_.browser && browser_possible()) {
    open_browser(url());
  } else {
    browser_failed();
  }
}

/// A browser that is still starting keeps its capability: of the two tabs the second takes over.
PageAddress PageView::show_again() {
  if (arrived_) {
    gate_.renew_capability();
    redirect_.reset();
  }
  if (options_.print_url) {
    print(url());
    return {};
  }
  if (!redirect_ && desktop::browser_reads_files()) redirect_ = RedirectFile::make(url());
  if (arrived_ && redirect_) {
    browser_timer_.expires_after(time_for_file);
    browser_timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) redirect_.reset();
    });
  }
  return {redirect_ ? redirect_->address() : std::string(), url()};
}

/// The file needs no server, and holds nothing that another user could not know.
void PageView::show_instead(const Notice& notice) {
  if (options_.print_url || !options_.browser || !browser_possible()) return;
  const std::string address = make_notice_file(notice);
  if (!address.empty()) options_.browser->open(context_, {{}, address}, [] {});
}

/// Opens the page by a file that other users cannot read. A browser that cannot read it (in a snap or a
/// flatpak) gets the address itself, which is useless to other users' sockets, works once, and ends with the
/// wizard.
void PageView::open_browser(const std::string& url) {
  if (desktop::browser_reads_files()) redirect_ = RedirectFile::make(url);
  options_.browser->open(context_, {redirect_ ? redirect_->address() : std::string(), url},
                         [this] { browser_failed(); });
  if (!redirect_) return;
  browser_timer_.expires_after(time_for_file);
  browser_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || arrived_ || model_.screen == Screen::finished) return;
    log::info(log::Event::none, "the page has not come by its file; its address is used");
    options_.browser->use_url();
  });
}

void PageView::browser_failed() {
  if (!arrived_) listener_.failed();
}

/// Releases file and browser launcher: the page has loaded, or is not needed any more.
void PageView::settle_browser() {
  browser_timer_.cancel();
  redirect_.reset();
  if (options_.browser) options_.browser->done();
}

void PageView::person_acted() {
  if (!std::exchange(arrived_, true)) settle_browser();
  listener_.person_acted();
}

void PageView::stream_started() {
  // A duplicated tab has the same half of the session: one tab gets the stream, and the other one says so.
  supersede();
  // The stream begins after this call; its first event is the whole state.
  boost::asio::post(context_, [this] { server_->send("state", version_, state()); });
}

void PageView::supersede() {
  server_->send("superseded", version_, "{}");
  server_->end_stream();
}

void PageView::show(const Model& model) {
  model_ = model;
  ++version_;
  if (model_.screen == Screen::finished) settle_browser();
  if (model_.screen != sent_ || steady_clock::now() - sent_at_ >= between_pictures) {
    send_state();
  } else if (!show_timer_armed_) {
    show_timer_armed_ = true;
    show_timer_.expires_at(sent_at_ + between_pictures);
    show_timer_.async_wait([this](const boost::system::error_code&) {
      show_timer_armed_ = false;
      send_state();
    });
  }
}

void PageView::send_state() {
  sent_ = model_.screen;
  sent_at_ = steady_clock::now();
  if (is_watched()) server_->send("state", version_, state());
}

void PageView::close() {
  if (!server_) return;
  server_->close();
  log::info(log::Event::page_closed, "the wizard has ended", {{"KOSHIN_OUTCOME", to_string(model_.outcome)}});
}

}  // namespace

bool page_possible() {
  return peers_can_be_told();
}

std::unique_ptr<View> make_page_view(boost::asio::io_context& context, Wizard& wizard, ViewListener& listener,
                                     PageViewOptions options) {
  return std::make_unique<PageView>(context, wizard, listener, std::move(options));
}

}  // namespace koshin::ui
