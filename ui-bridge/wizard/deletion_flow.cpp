// SPDX-License-Identifier: MIT
#include "deletion_flow.hpp"

#include <utility>

#include "renewal/policy/inventory.hpp"

namespace koshin::ui {

void DeletionFlow::offer_after(const messages::RenewResult& result) {
  model_.deletable.reset();
  // Where the PIN makes no keys, it deletes none either: an administrator does, with the command line.
  if (why_administrators_alone()) return;
  for (const messages::CertificateReport& certificate : result.token.certificates) {
    if (renewal::deletion_of(certificate) != renewal::Deletion::renewed) continue;
    if (certificate.replaced_by != result.new_certificate.sha256) continue;
    const bool later = !model_.deletable || renewal::is_earlier(*model_.deletable, certificate);
    if (later) model_.deletable = certificate;
  }
}

void DeletionFlow::offer() {
  if (model_.deletable) show_afresh(Screen::delete_old);
}

void DeletionFlow::confirm() {
  show_afresh(Screen::delete_confirm);
}

void DeletionFlow::keep_old() {
  show_afresh(model_.new_certificate ? Screen::completed : Screen::current);
}

void DeletionFlow::delete_on_reader() {
  if (model_.may_try_on_reader()) delete_old();
}

void DeletionFlow::delete_old() {
  if (!model_.deletable) return;
  messages::Job work = orders_.delete_old();
  model_.on_reader = work.protected_path;
  run(std::move(work), JobRun::Secrets::entered, [this](const auto& event) { deleted(event); });
}

void DeletionFlow::deleted(const messages::Event& event) {
  secrets_.wipe();
  if (const auto* failure = std::get_if<Failure>(&event)) {
    model_.failure = *failure;
    if (is_about_pin(failure->reason) && failure->reason != Reason::pin_cancelled)
      return exits_.ask_pin_again(*failure);
    return show(Screen::delete_old);
  }
  model_.deleted = true;
  if (model_.deletable)
    std::erase_if(model_.in_browsers,
                  [&](renewal::BrowserChoice& choice) { return !choice.without(model_.deletable->sha256); });
  model_.deletable.reset();
  show(model_.new_certificate ? Screen::completed : Screen::current);
}

}  // namespace koshin::ui
