// SPDX-License-Identifier: MIT
// The frames in which secrets follow a job.
#include "foundation/secrets_frame.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <system_error>

#include "foundation/descriptor.hpp"
#include "foundation/messages.hpp"

namespace koshin {
namespace {

constexpr std::size_t header_size = 2;

/// Fills all of `into` or fails.
void read_fully(int descriptor, std::span<char> into) {
  try {
    while (!into.empty()) {
      const std::size_t count = read_some(descriptor, into);
      if (count == 0) fail(Reason::job_invalid, "the input ended inside a secret");
      into = into.subspan(count);
    }
  } catch (const std::system_error& error) {
    fail(Reason::job_invalid, std::string("cannot read a secret: ") + error.what());
  }
}

}  // namespace

void write_secret_frame(ChildProcess& worker, const SecureBuffer& secret) {
  if (secret.size() > messages::max_secret)
    throw std::length_error("a secret of more than " + std::to_string(messages::max_secret) + " bytes");
  SecureBuffer frame(header_size + secret.size());
  frame.push_back(static_cast<char>(secret.size() >> 8));
  frame.push_back(static_cast<char>(secret.size() & 0xFF));
  for (const char c : secret.view()) frame.push_back(c);
  worker.write(frame.view());
}

std::string read_job_line(int descriptor) {
  std::string line(messages::max_job_line, '\0');
  try {
    const LineResult result = read_line_unbuffered(descriptor, line);
    if (result.ended) fail(Reason::job_invalid, "the input ended before the job was complete");
    line.resize(result.size);
  } catch (const std::length_error&) {
    fail(Reason::job_invalid, "the job is longer than " + std::to_string(messages::max_job_line) + " bytes");
  } catch (const std::system_error& error) {
    fail(Reason::job_invalid, std::string("cannot read the job: ") + error.what());
  }
  return line;
}

SecureBuffer read_secret_frame(int descriptor) {
  std::array<char, header_size> header{};
  read_fully(descriptor, header);
  const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(header[0])) << 8 |
                           static_cast<unsigned char>(header[1]);
  if (size > messages::max_secret)
    fail(Reason::job_invalid, "a secret of more than " + std::to_string(messages::max_secret) + " bytes");
  SecureBuffer secret(std::max<std::size_t>(size, 1));
  read_fully(descriptor, secret.writable().first(size));
  secret.resize(size);
  return secret;
}

}  // namespace koshin
