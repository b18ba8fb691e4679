// SPDX-License-Identifier: MIT
#include "cli/argument_rules.hpp"

#include "foundation/failures/failure.hpp"

namespace koshin::cli {

void check_combinations(const Arguments& arguments) {
  if (arguments.pin_stdin && arguments.pinentry)
    fail(Reason::usage_error, "--pin-stdin and --pinentry exclude each other");
  if ((arguments.also_not_renewed || arguments.also_encryption) && arguments.certificate.empty())
    fail(Reason::usage_error, "--also-not-renewed and --also-encryption need --certificate");
  if (arguments.all &&
      (!arguments.certificate.empty() || arguments.dry_run || arguments.force || arguments.wait))
    fail(Reason::usage_error, "--all goes with none of --certificate, --dry-run, --force and --wait");
  if (arguments.wait && arguments.dry_run)
    fail(Reason::usage_error, "--wait and --dry-run exclude each other");
  if (arguments.if_due && arguments.force)
    fail(Reason::usage_error, "--if-due and --force exclude each other");
}

}  // namespace koshin::cli
