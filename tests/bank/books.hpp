// SPDX-License-Identifier: MIT
// What all services of the bank share.
#pragma once

#include "bank/ca.hpp"
#include "bank/ledger.hpp"
#include "bank/reissue_codes.hpp"
#include "bank/switches.hpp"

namespace koshin::bank {

/// References to parts that are each thread-safe and outlive the services.
struct Books {
  CertificateAuthority& authority;
  Ledger& ledger;
  ReissueCodes& codes;
  Switches& switches;
  Counters& counters;
};

}  // namespace koshin::bank
