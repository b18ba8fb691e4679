// SPDX-License-Identifier: MIT
#include "desk_check/run.hpp"

#include "desk_check/checks.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::desk_check {

void run(Report& report, const Options& options) {
  SettingsSources sources = SettingsSources::standard();
  if (!options.settings_file.empty()) sources.only = options.settings_file;
  const Deployment deployment = load_deployment(sources);
  check_system(report);
  report.run(DeskSubject::desk, [&] { check_browsers(report, deployment.base); });
  report.run(DeskSubject::named_files, [&] { check_named_files(report, deployment); });
  report.run(DeskSubject::unattended, [&] { check_unattended(report, deployment); });
  report.run(DeskSubject::metrics, [&] { check_metrics(report, deployment.base); });
  report.run(DeskSubject::mail, [&] {
    check_mail(report, deployment, {options.settings_file, options.send_test_mail});
  });
}

}  // namespace koshin::desk_check
