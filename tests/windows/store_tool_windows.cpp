// SPDX-License-Identifier: MIT
// koshin-store-tool: does to the user's store what Windows and vendors' programs do to it.
//   propagate   adds what the journal's completed renewals have written to tokens
//   keyless     the same without a note where their keys are, as a half-installed program leaves them
//   wait        the same, once there is one; for two minutes
//   vendor      the same of each that comes, until its standard input ends; then takes them away again
//   twin        adds an expired certificate of the same names as the latest of these
//   remove      takes both away again
#include <chrono>
#include <cstdio>
#include <set>
#include <string_view>
#include <thread>

#include "foundation/failures/failure.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/standard_streams.hpp"
#include "renewal/journal/journal.hpp"
#include "windows/user_store_windows.hpp"

namespace {

using namespace koshin;

constexpr std::chrono::minutes longest_wait{2};
constexpr std::chrono::milliseconds between_looks{200};

/// Newest first.
std::vector<renewal::Bytes> renewed_certificates() {
  constexpr std::size_t enough = 20;
  std::vector<renewal::Bytes> all;
  for (const renewal::Record& record : renewal::Journal::open(paths::journal_file())->history(enough))
    if (record.state == renewal::State::completed) all.push_back(record.certificate);
  return all;
}

renewal::Bytes twin_of(const renewal::Bytes& certificate) {
  constexpr int from = 2020, until = 2021;
  return test::older_twin_of(certificate, from, until);
}

std::vector<renewal::Bytes> wait_for_renewal() {
  const auto until = std::chrono::steady_clock::now() + longest_wait;
  auto renewed = renewed_certificates();
  for (; renewed.empty() && std::chrono::steady_clock::now() < until; renewed = renewed_certificates())
    std::this_thread::sleep_for(between_looks);
  return renewed;
}

/// A journal that is not there, or that somebody is making at this moment, has completed nothing yet.
std::vector<renewal::Bytes> renewed_so_far() try {
  std::vector<renewal::Bytes> all;
  for (const renewal::Record& record : renewal::Journal::open_to_read(paths::journal_file())->history(1))
    if (record.state == renewal::State::completed) all.push_back(record.certificate);
  return all;
} catch (const std::exception&) {
  return {};
}

void stay_as_a_vendors_program() {
  std::jthread looks([](const std::stop_token& stop) {
    std::set<renewal::Bytes> added;
    for (; !stop.stop_requested(); std::this_thread::sleep_for(between_looks))
      for (const renewal::Bytes& certificate : renewed_so_far())
        if (added.insert(certificate).second) test::add_to_user_store(certificate);
    for (const renewal::Bytes& certificate : added) test::remove_from_user_store(certificate);
  });
  while (std::getchar() != EOF) {
  }
}

int run(std::string_view what) {
  if (what == "vendor") return stay_as_a_vendors_program(), 0;
  const auto renewed = what == "wait" ? wait_for_renewal() : renewed_certificates();
  if (what == "twin" && !renewed.empty()) return test::add_to_user_store(twin_of(renewed.front())), 0;
  for (const auto& certificate : renewed) {
    if (what == "keyless") test::add_to_user_store(certificate, test::KeyOf::nowhere);
    if (what == "propagate" || what == "wait") test::add_to_user_store(certificate);
    if (what == "remove") test::remove_from_user_store(certificate);
    if (what == "remove") test::remove_from_user_store(twin_of(certificate));
  }
  return renewed.empty() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  koshin::begin_program();
  try {
    return run(argc > 1 ? argv[1] : "");
  } catch (const koshin::FailureError& error) {
    std::fprintf(stderr, "koshin-store-tool: %s\n", error.failure().detail.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-store-tool: %s\n", error.what());
  }
  return 1;
}
