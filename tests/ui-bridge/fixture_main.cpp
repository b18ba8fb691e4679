// SPDX-License-Identifier: MIT
// A desk for the browser tests: SoftHSM, the stand-in bank and settings in a folder of its own. Says where
// everything is in one line of JSON, then takes one command a line from standard input, answers each with a
// line, and ends with its input.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/soft_hsm.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_bank.hpp"

namespace {

using nlohmann::json;
using namespace koshin;

class Desk {
 public:
  Desk() : hsm_((test::isolate_user(folder_.path()), folder_.path())), bank_(folder_.path() / "bank") {}

  json where() const {
    json environment;
    for (const char* name : {"HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "SOFTHSM2_CONF"})
      environment[name] = std::getenv(name);
    return {{"folder", folder_.path().string()},
            {"environment", environment},
            {"url", bank_.url()},
            {"control", bank_.control_url()},
            {"module", test::SoftHsm::module().string()},
            {"anchors", bank_.anchors().string()}};
  }

  json handle(const json& command) {
    const std::string name = command.at("do");
    if (name == "token") {
      hsm_.init_token(command.at("label"), command.value("pin", test::SoftHsm::default_pin));
    } else if (name == "provision") {
      const auto algorithm = pkcs11::parse_key_algorithm(command.value("key", "ec-p256")).value();
      test::provision(hsm_, command.at("label"), bank_, algorithm, command.at("days"),
                      command.value("cn", test::default_user));
    } else if (name == "remove") {
      hsm_.remove_token(command.at("label"));
    } else if (name == "reinsert") {
      hsm_.reinsert_token(command.at("label"));
    } else if (name == "settings") {
      return {{"file", test::write_settings(folder_.path(), bank_, command.value("extra", "")).string()}};
    } else if (name == "switch") {
      bank_.set(command.at("name"), command.at("value"));
    } else if (name == "code") {
      return {{"code", bank_.reissue_code(command.value("cn", test::default_user))}};
    } else if (name == "state") {
      return {{"issued", bank_.issued()},
              {"logins", bank_.logins()},
              {"simplereenroll", bank_.requests("simplereenroll")}};
    } else {
      throw std::runtime_error("unknown command " + name);
    }
    return json::object();
  }

 private:
  test::TemporaryDirectory folder_;
  test::SoftHsm hsm_;
  test::TestBank bank_;
};

}  // namespace

int main() {
  try {
    Desk desk;
    std::cout << desk.where().dump() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
      json answer;
      try {
        answer = desk.handle(json::parse(line));
      } catch (const std::exception& error) {
        answer = {{"error", error.what()}};
      }
      std::cout << answer.dump() << std::endl;
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "fixture: " << error.what() << '\n';
    return 1;
  }
}
