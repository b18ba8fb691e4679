// SPDX-License-Identifier: MIT
// The frames in which secrets follow a job.
#include "foundation/jobs/secrets_frame.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <system_error>

#include "foundation/jobs/messages.hpp"
#include "foundation/system/handle_io.hpp"

namespace koshin {
namespace {

constexpr std::size_t header_size = 2;

}  // namespace

void write_secret_frame(ChildProcess& worker, const SecureBuffer& secret) {
  if (secret.size() > max_secret)
    throw std::length_error("a secret of more than " + std::to_string(max_secret) + " bytes");
  SecureBuffer frame(header_size + secret.size());
  frame.push_back(static_cast<char>(secret.size() >> 8));
  frame.push_back(static_cast<char>(secret.size() & 0xFF));
  for (const char c : secret.view()) frame.push_back(c);
  worker.write(frame.view());
}

std::span<const char> JobInput::ahead() {
  if (taken_ == piece_.size()) {
    piece_.clear();
    taken_ = 0;
    const std::size_t count = read_some(input_, piece_.writable());
    piece_.resize(count);
  }
  return piece_.view().subspan(taken_);
}

void JobInput::fill(std::span<char> into) {
  try {
    while (!into.empty()) {
      const auto there = ahead();
      if (there.empty()) fail(Reason::job_invalid, "the input ended inside a secret");
      const std::size_t count = std::min(there.size(), into.size());
      std::copy_n(there.begin(), count, into.begin());
      taken_ += count;
      into = into.subspan(count);
    }
  } catch (const std::system_error& error) {
    fail(Reason::job_invalid, std::string("cannot read a secret: ") + error.what());
  }
}

std::string JobInput::job_line() {
  std::string line;
  try {
    while (true) {
      const auto there = ahead();
      if (there.empty()) fail(Reason::job_invalid, "the input ended before the job was complete");
      const auto newline = std::find(there.begin(), there.end(), '\n');
      line.append(there.begin(), newline);
      taken_ += static_cast<std::size_t>(newline - there.begin());
      if (line.size() > messages::max_job_line) {
        fail(Reason::job_invalid,
             "the job is longer than " + std::to_string(messages::max_job_line) + " bytes");
      }
      if (newline == there.end()) continue;
      ++taken_;
      return line;
    }
  } catch (const std::system_error& error) {
    fail(Reason::job_invalid, std::string("cannot read the job: ") + error.what());
  }
}

SecureBuffer JobInput::secret_frame() {
  std::array<char, header_size> header{};
  fill(header);
  const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(header[0])) << 8 |
                           static_cast<unsigned char>(header[1]);
  if (size > max_secret)
    fail(Reason::job_invalid, "a secret of more than " + std::to_string(max_secret) + " bytes");
  SecureBuffer secret(std::max<std::size_t>(size, 1));
  fill(secret.writable().first(size));
  secret.resize(size);
  return secret;
}

}  // namespace koshin
