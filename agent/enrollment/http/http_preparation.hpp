// SPDX-License-Identifier: MIT
// What the first exchange with the authority would wait for, done beside the job's other work.
#pragma once

#include <thread>

namespace koshin::enrollment {

/// Loads libcurl and its libraries in the background, for a job that will speak to the authority. To be over
/// before a module is finalized. What goes wrong is told by the first exchange. (The system loads one library
/// at a time, so a module that is loaded meanwhile waits. Another order, or libcurl's libraries one by one
/// with the module in between, took as long: two threads that map memory wait for each other anyway.)
class HttpPreparation {
 public:
  HttpPreparation() noexcept;
  ~HttpPreparation();  ///< waits for the rest of it
  HttpPreparation(const HttpPreparation&) = delete;
  HttpPreparation& operator=(const HttpPreparation&) = delete;

 private:
  std::thread thread_;
};

/// The first TLS context of a process fetches every cipher and digest from OpenSSL's providers. Makes one
/// while there is time.
void start_tls() noexcept;

}  // namespace koshin::enrollment
