// SPDX-License-Identifier: MIT
// A worker's standard input: the line with the job, then the frames with secrets.
#include "foundation/jobs/secrets_frame.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "foundation/jobs/messages.hpp"
#include "harness.hpp"

namespace {

/// The input in a file in memory, at its beginning; closed with the process.
int input_of(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  koshin::fuzz::require(::ftruncate(file, 0) == 0 &&
                            ::pwrite(file, data, size, 0) == static_cast<ssize_t>(size) &&
                            ::lseek(file, 0, SEEK_SET) == 0,
                        "the input stands in memory");
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  koshin::JobInput input(input_of(data, size));
  koshin::fuzz::taken_or_refused({koshin::Reason::job_invalid}, [&] {
    const std::string line = input.job_line();
    koshin::fuzz::require(line.size() <= koshin::messages::max_job_line, "a job line is bounded");
    const auto job = koshin::messages::parse_job(line);
    for (std::size_t i = 0; i < job.secrets.size(); ++i)
      koshin::fuzz::require(input.secret_frame().size() <= koshin::max_secret, "a secret is bounded");
  });
  return 0;
}
