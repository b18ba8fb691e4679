// SPDX-License-Identifier: MIT
// Preparing what is measured, outside of what is timed.
#include "bench/scene.hpp"

#include <fstream>

#include "bench/timed_process.hpp"
#include "enrollment/x509/certificate.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::bench {

namespace fs = std::filesystem;

Scene::Scene(fs::path programs) : programs_(std::move(programs)), hsm_(path_ / "hsm"), bank_(path_ / "bank") {
  add_token("ec", 0);
  hsm_.init_token("rsa");
  test::provision(hsm_, "rsa", bank_, pkcs11::KeyAlgorithm::rsa_2048, 12);
}

void Scene::add_token(const std::string& key, int others) {
  hsm_.init_token(key);
  const auto der = test::provision(hsm_, key, bank_, pkcs11::KeyAlgorithm::ec_p256, 12);
  certificates_[key] = enrollment::sha256_of(pkcs11::ByteView(der));
  test::provision_others(hsm_, key, bank_, others);
}

Sandbox::Sandbox(Scene& scene, const std::string& key, const fs::path& module)
    : scene_(scene), key_(key), module_(module), path_(scene.next_folder()) {
  fs::create_directories(path_ / "tokens");
  fs::create_directories(path_ / "work");
  insert(key);
  std::ofstream(path_ / "softhsm2.conf") << "directories.tokendir = " << (path_ / "tokens").string()
                                         << "\nobjectstore.backend = file\nlog.level = ERROR\n";
  test::isolate_user(path_);
  settings_ = test::write_settings(path_, scene.bank(), "token.modules = [\"" + module.string() + "\"]\n");
  renewal::Journal::open(paths::journal_file());  // as the agent has left it
  environment_ = std::make_unique<test::ScopedEnvironment>(std::map<std::string, std::string>{
      {"SOFTHSM2_CONF", (path_ / "softhsm2.conf").string()}, {"LC_ALL", "C.UTF-8"}});
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Sandbox::insert(const std::string& key) {
  const auto source = scene_.token(key);
  fs::copy(source, path_ / "tokens" / source.filename(), fs::copy_options::recursive);
}

double Sandbox::run_koshin() {
  return run_koshin({"renew"});
}

double Sandbox::run_koshin(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), scene_.program("koshin").string());
  arguments.insert(arguments.end(), {"--settings", settings_.string(), "--pin-stdin"});
  return must_run(arguments, std::string(test::SoftHsm::default_pin) + "\n", output()).count();
}

double Sandbox::run_look() {
  messages::Job job;
  job.settings_file = settings_.string();
  job.tell_readers = true;
  return run_job(job, {});
}

double Sandbox::run_worker(std::vector<std::string> wrapper) {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.settings_file = settings_.string();
  job.secrets = {messages::SecretKind::pin};
  return run_job(job, std::move(wrapper));
}

double Sandbox::run_job(const messages::Job& job, std::vector<std::string> wrapper) {
  const std::string pin = test::SoftHsm::default_pin;
  auto input = messages::to_json(job) + "\n";
  if (!job.secrets.empty()) input += std::string(1, '\0') + static_cast<char>(pin.size()) + pin;
  wrapper.push_back(scene_.program("koshin-worker").string());
  return must_run(wrapper, input, output()).count();
}

double Sandbox::run_shell() {
  const test::ScopedEnvironment variables({{"MODULE", module_.string()},
                                           {"LABEL", key_},
                                           {"URL", scene_.bank().url()},
                                           {"ANCHORS", scene_.bank().anchors().string()},
                                           {"PIN", test::SoftHsm::default_pin},
                                           {"WHOSE", test::default_user},
                                           {"ENGINE", KOSHIN_BENCH_ENGINE}});
  return must_run({"/bin/sh", KOSHIN_BENCH_FOLDER "/renew_with_tools.sh"}, "", output(), path_ / "work")
      .count();
}

}  // namespace koshin::bench
