// SPDX-License-Identifier: MIT
// The JSON lines of the pipes: a worker may have been taken over by the module that it loaded.
#include "foundation/jobs/messages.hpp"

#include "harness.hpp"

namespace messages = koshin::messages;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto line = koshin::fuzz::text_of(data, size);
  koshin::fuzz::taken_or_refused({koshin::Reason::job_invalid}, [&] {
    const std::string written = to_json(messages::parse_job(line));
    koshin::fuzz::require(to_json(messages::parse_job(written)) == written,
                          "a job that was written is read as the same");
  });
  koshin::fuzz::taken_or_refused({koshin::Reason::job_invalid}, [&] {
    const std::string written = to_json(messages::parse_event(line));
    koshin::fuzz::require(to_json(messages::parse_event(written)) == written,
                          "an event that was written is read as the same");
  });
  return 0;
}
