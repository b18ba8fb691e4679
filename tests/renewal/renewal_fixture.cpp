// SPDX-License-Identifier: MIT
// Running jobs, and looking at what they did.
#include "renewal_fixture.hpp"

#include <fstream>
#include <sstream>

#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/session.hpp"
#include "renewal/token/failure_translation.hpp"
#include "support/environment.hpp"

namespace koshin::test {
namespace {

std::optional<SecureBuffer> secret(const std::string& text) {
  if (text.empty()) return {};
  return SecureBuffer::copy_of({text.data(), text.size()});
}

const SecureBuffer* pointer(const std::optional<SecureBuffer>& buffer) {
  return buffer ? &*buffer : nullptr;
}

messages::Event dispatch(const renewal::JobContext& context) {
  switch (context.job.kind) {
    case messages::JobKind::inspect:
      return renewal::run_inspect(context);
    case messages::JobKind::renew:
      return renewal::run_renew(context);
    case messages::JobKind::enroll:
      return renewal::run_enroll(context);
    case messages::JobKind::prune:
      return renewal::run_prune(context);
    case messages::JobKind::cancel:
      return renewal::run_cancel(context);
    case messages::JobKind::doctor:
      return renewal::run_doctor(context);
    case messages::JobKind::change_pin:
      return renewal::run_change_pin(context);
    case messages::JobKind::reset_pin:
      return renewal::run_reset_pin(context);
  }
  throw std::logic_error("no such job");
}

}  // namespace

std::string Ending::name() const {
  if (killed) return "killed";
  if (failure) return std::string(info(failure->reason).id);
  if (std::holds_alternative<messages::PendingResult>(*result)) return "pending";
  if (const auto* renewed = std::get_if<messages::RenewResult>(&*result))
    return renewed->dry_run ? "dry_run" : "completed";
  if (std::holds_alternative<messages::PruneResult>(*result)) return "pruned";
  if (std::holds_alternative<messages::CancelResult>(*result)) return "cancelled";
  return "result";
}

std::vector<std::string> Ending::steps() const {
  std::vector<std::string> names;
  for (const auto& event : events) {
    const auto* step = std::get_if<messages::StepEvent>(&event);
    if (step == nullptr || !step->finished) continue;
    names.push_back(std::string(messages::to_string(step->step)) + (step->resumed ? " (resumed)" : ""));
  }
  return names;
}

std::vector<std::string> Ending::notices() const {
  std::vector<std::string> codes;
  for (const auto& event : events) {
    if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) codes.push_back(notice->code);
  }
  return codes;
}

RenewalTest::RenewalTest() : hsm(directory.path() / "hsm"), bank(directory.path() / "bank") {
  isolate_user(directory.path() / "user");
  log::configure("renewal_test", LogLevel::error);
  hsm.init_token("demo");
  settings.token.modules = {SoftHsm::module().string()};
  settings.token.trial_object = TrialObject::never;
  settings.authority.url = bank.url();
  settings.authority.trust_anchors = bank.anchors();
  settings.authority.prove_url = bank.url() + "/login";
  settings.authority.attempts = 1;
  settings.proxy.url = "none";
}

RenewalTest::~RenewalTest() {
  const auto now = object_files();
  for (const auto& [file, content] : protected_) {
    const auto found = now.find(file);
    EXPECT_NE(found, now.end()) << "an object was destroyed: " << file;
    EXPECT_TRUE(found == now.end() || found->second == content) << "an object was changed: " << file;
  }
}

Bytes RenewalTest::provision_token(pkcs11::KeyAlgorithm algorithm, int days_left, const std::string& cn,
                                   const std::string& san) {
  auto der = provision(hsm, "demo", bank, algorithm, days_left, cn, san);
  protect_objects();
  return der;
}

Ending RenewalTest::run(messages::JobKind kind, const std::function<void(messages::Job&)>& change) {
  messages::Job job;
  job.kind = kind;
  if (change) change(job);
  Ending ending;
  const auto pin_buffer = secret(pin);
  const auto so_pin_buffer = secret(so_pin);
  const auto passphrase_buffer = secret(passphrase);
  const auto code_buffer = secret(reissue_code);
  DyingJournal dying(journal(), die_when, die_at);
  const renewal::JobContext context{job,
                                    settings,
                                    dying,
                                    pointer(pin_buffer),
                                    pointer(so_pin_buffer),
                                    pointer(passphrase_buffer),
                                    pointer(code_buffer),
                                    [&](const messages::Event& event) { ending.events.push_back(event); },
                                    [&] { return current_time() + clock_offset; },
                                    {},
                                    {},
                                    nullptr};
  try {
    ending.result = dispatch(context);
  } catch (const std::exception& error) {
    ending.failure = renewal::as_failure(error);
  } catch (const Killed&) {
    ending.killed = true;
  }
  ending.saves = dying.saves();
  return ending;
}

std::optional<renewal::Record> RenewalTest::unfinished() const {
  const auto all = journal()->all_unfinished();
  return all.empty() ? std::nullopt : std::optional(all.front());
}

std::uint64_t RenewalTest::slot_of(const std::string& label) const {
  for (const auto& token : pkcs11::Module::load(SoftHsm::module())->tokens()) {
    if (token.label == label) return token.slot;
  }
  throw std::runtime_error("no token is called " + label);
}

RenewalTest::Contents RenewalTest::contents(const std::string& label) {
  const auto module = pkcs11::Module::load(SoftHsm::module());
  const auto session = pkcs11::Session::open(module, slot_of(label), pkcs11::Access::read_only);
  session->login(pkcs11::User::user, hsm.pin(label));
  Contents found;
  for (auto& object : session->objects()) {
    if (object.object_class == pkcs11::ObjectClass::certificate) found.certificates.push_back(object);
    if (object.object_class == pkcs11::ObjectClass::private_key) found.private_keys.push_back(object);
    if (object.object_class == pkcs11::ObjectClass::public_key) found.public_keys.push_back(object);
  }
  return found;
}

void RenewalTest::expect_renewed(const Bytes& old_certificate) {
  const Contents now = contents();
  ASSERT_EQ(now.certificates.size(), 2U);
  ASSERT_EQ(now.private_keys.size(), 2U);
  ASSERT_EQ(now.public_keys.size(), 2U);
  const bool first_is_old = now.certificates[0].certificate == old_certificate;
  const auto& fresh = now.certificates[first_is_old ? 1 : 0];
  EXPECT_EQ(now.certificates[first_is_old ? 0 : 1].certificate, old_certificate);
  int private_halves = 0;
  for (const auto& key : now.private_keys) private_halves += key.id == fresh.id ? 1 : 0;
  int public_halves = 0;
  for (const auto& key : now.public_keys)
    public_halves += key.id == fresh.id && key.public_key == fresh.public_key ? 1 : 0;
  EXPECT_EQ(private_halves, 1);
  EXPECT_EQ(public_halves, 1);
  const auto before = enrollment::Certificate::from_der(old_certificate);
  const auto after = enrollment::Certificate::from_der(fresh.certificate);
  EXPECT_EQ(after.subject_der(), before.subject_der());
  EXPECT_EQ(after.san_der(), before.san_der());
  EXPECT_GT(after.not_after(), before.not_after());
  const auto history = journal()->history(1);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history.front().state, renewal::State::completed);
  EXPECT_EQ(history.front().certificate, fresh.certificate);
  EXPECT_TRUE(journal()->all_unfinished().empty());
}

std::map<std::filesystem::path, std::string> RenewalTest::object_files() const {
  std::map<std::filesystem::path, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path() / "hsm")) {
    const auto& path = entry.path();
    if (path.extension() != ".object" || path.filename() == "token.object") continue;
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    files[path] = content.str();
  }
  return files;
}

void RenewalTest::protect_objects() {
  protected_ = object_files();
}

}  // namespace koshin::test
