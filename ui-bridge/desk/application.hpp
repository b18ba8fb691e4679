// SPDX-License-Identifier: MIT
// koshin-ui from start to end: desktop message, window, jobs, and all ways to leave.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "attendance.hpp"
#include "background_hooks.hpp"
#include "desk_journal.hpp"
#include "desktop_question.hpp"
#include "foundation/settings/settings.hpp"
#include "job_thread.hpp"
#include "parent_link.hpp"
#include "primary_instance.hpp"
#include "store_watch.hpp"
#include "ui-bridge/mail/mail_errand.hpp"
#include "ui-bridge/wizard/link.hpp"
#include "ui-bridge/wizard/view.hpp"
#include "ui-bridge/wizard/wizard.hpp"

namespace koshin::ui {

struct Options {
  Occasion occasion;
  std::string language;         ///< "ja", "en"; empty: the environment's
  bool page_only = false;       ///< no desktop message first
  bool remind = false;          ///< no page: reminders of tokens that are not inserted, and the end
  bool window_possible = true;  ///< false: none can be opened on this system, and the person is told
  bool print_url = false;       ///< print the page's address instead of opening a browser
  std::optional<Link> link;     ///< the link that was followed to start this program
  bool link_had_more = false;   ///< more than a link's word stood in the address, and was ignored
};

class Application final : public WizardHost, private ViewListener {
 public:
  Application(const Settings& settings, Options options, const ViewFactory& make_view);
  ~Application() override;
  /// Returns when the wizard has ended.
  Outcome run();

 private:
  // WizardHost
  void start_job(messages::Job job, std::vector<SecureBuffer> secrets) override;
  void stop_job() override { jobs_.stop(); }
  void go() override { jobs_.go(); }
  void let_go() override { jobs_.let_go(); }
  void changed() override;
  void finished() override;
  std::optional<Failure> snooze(const messages::TokenReport& token) override;
  void went_on(const std::string& token_uri) override;
  std::optional<renewal::Record> unfinished(const messages::TokenReport& token) override {
    return journal_.unfinished(token);
  }
  std::optional<renewal::TokenMemory> memory(const renewal::TokenKey& token) override {
    return journal_.memory(token);
  }
  std::optional<std::vector<renewal::Record>> records(const renewal::TokenKey& token) override {
    return journal_.records(token);
  }
  TimePoint now() override;

  // ViewListener
  void person_acted() override { attendance_.person_acted(); }
  void left() override { attendance_.window_is_away(); }
  void failed() override;

  ParentLink::Listener from_parent();
  Attendance::Surroundings around_window();
  DesktopQuestion::Answers from_desktop();
  PageAddress activated(Link link);
  void open_view();
  void open_view_soon();
  void told_again(const ParentLink::News& news);
  void send_mail_when_due();
  void on_event(const messages::Event& event);
  void look_in_store(const messages::RenewResult& renewed);
  void leave();

  const Settings& settings_;
  Options options_;
  Language language_;
  boost::asio::io_context context_;
  boost::asio::steady_timer end_timer_;
  DeskJournal journal_{settings_};
  Wizard wizard_;
  std::unique_ptr<View> view_;
  Attendance attendance_;
  DesktopQuestion question_;
  std::unique_ptr<ParentLink> parent_;
  std::unique_ptr<PrimaryInstance> primary_;
  MailErrand mail_{options_.occasion.settings_file, options_.window_possible};
  BackgroundHooks hooks_;
  StoreWatch store_{context_};
  JobThread jobs_;
  unsigned long job_ = 0;
  /// State of the window (being opened, open), and the end of the application.
  bool opening_ = false, open_ = false, ended_ = false;
};

}  // namespace koshin::ui
