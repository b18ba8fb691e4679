// SPDX-License-Identifier: MIT
// What else than a renewal changes a token or the bank's books, for the sweeps: an enrolment with a one-time
// code, a request that waits for the bank's approval and is repeated, the deletion of a replaced pair, and
// what koshin cancel deletes.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "faults/sweep.hpp"

namespace koshin::faults {

using Environment = std::map<std::string, std::string>;

/// An errand on one token, which is interrupted and then done again until it is over.
class Errand {
 public:
  explicit Errand(Stage& stage) : stage_(stage), trial_(stage) {}
  virtual ~Errand() = default;
  Errand(const Errand&) = delete;
  Errand& operator=(const Errand&) = delete;
  /// What comes before it, undisturbed.
  virtual void prepare() {}
  virtual Trial::Run once(const Plan& plan, const Environment& environment) = 0;
  virtual std::vector<std::string> damage() const { return trial_.damage(); }
  virtual std::vector<std::string> losses(const Trial::Run& last) const { return trial_.losses(last); }
  /// The same where it was cut within a call.
  virtual std::vector<std::string> losses_within_calls(const Trial::Run& last) const {
    return trial_.losses_within_calls(last);
  }

  Trial::Run finish() {
    auto run = once({}, {});
    for (int poll = 0; poll < 5 && std::holds_alternative<messages::PendingResult>(run.last); ++poll)
      run = once({}, {});
    return run;
  }
  Trial& trial() { return trial_; }

 protected:
  Stage& stage_;
  Trial trial_;
};

class Renewal final : public Errand {
 public:
  static constexpr int days_left = 12;
  using Errand::Errand;
  Trial::Run once(const Plan& plan, const Environment& environment) override {
    return trial_.renew(plan, std::chrono::seconds(60), environment);
  }
};

/// The certificate has expired, and the administrator has handed a code out. It is bound to the first key
/// that uses it: a second key would get no certificate.
class Enrolment final : public Errand {
 public:
  static constexpr int days_left = -3;
  using Errand::Errand;
  void prepare() override { code_ = stage_.bank().reissue_code(test::default_user); }
  Trial::Run once(const Plan& plan, const Environment& environment) override {
    return trial_.enroll(code_, plan, environment);
  }

 private:
  std::string code_;
};

/// The bank wants to be asked three times.
class Approval : public Errand {
 public:
  static constexpr int days_left = 12;
  using Errand::Errand;
  void prepare() override {
    stage_.bank().set("pending", "2");
    stage_.bank().set("retry_after", "1");
  }
  Trial::Run once(const Plan& plan, const Environment& environment) override {
    messages::Job job;
    job.kind = messages::JobKind::renew;
    job.force = true;  // now, and not when the bank said
    return trial_.run(job, plan, std::chrono::seconds(60), environment, test::SoftHsm::default_pin);
  }
};

/// The same, interrupted when it asks for the second time.
class SecondAsking final : public Approval {
 public:
  using Approval::Approval;
  void prepare() override {
    Approval::prepare();
    const auto first = once({}, {});
    EXPECT_TRUE(std::holds_alternative<messages::PendingResult>(first.last)) << to_json(first.last);
  }
};

class Pruning final : public Errand {
 public:
  static constexpr int days_left = 12;
  using Errand::Errand;
  void prepare() override {
    const auto renewed = trial_.renew();
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(renewed.last)) << to_json(renewed.last);
  }
  Trial::Run once(const Plan& plan, const Environment& environment) override {
    return trial_.prune(plan, environment);
  }
  std::vector<std::string> losses_within_calls(const Trial::Run& last) const override {
    return trial_.pruning_losses(last);
  }
  std::vector<std::string> damage() const override { return trial_.pruning_damage(); }
  std::vector<std::string> losses(const Trial::Run& last) const override {
    return trial_.pruning_losses(last);
  }
};

/// A person gives up a renewal whose pair was made and never certified.
class Cancelling : public Errand {
 public:
  static constexpr int days_left = 12;
  using Errand::Errand;
  void prepare() override {
    stage_.bank().set("status", "500:down");
    EXPECT_EQ(trial_.renew().failure(), Reason::authority_error);
    stage_.bank().set("status", "0");
  }
  Trial::Run once(const Plan& plan, const Environment& environment) override {
    messages::Job job;
    job.kind = messages::JobKind::cancel;
    return trial_.run(job, plan, std::chrono::seconds(60), environment, test::SoftHsm::default_pin);
  }
  std::vector<std::string> damage() const override { return trial_.cancelling_damage(); }
  std::vector<std::string> losses(const Trial::Run& last) const override {
    return trial_.cancelling_losses(last);
  }
  std::vector<std::string> losses_within_calls(const Trial::Run& last) const override {
    return trial_.cancelling_losses(last);
  }
};

/// Nothing is unfinished: a certificate that was refused at the log-in is deleted with its keys, and the
/// later one that logs in stays.
class ClearingRefused final : public Cancelling {
 public:
  using Cancelling::Cancelling;
  void prepare() override {
    stage_.bank().set("login.status", "403:not registered");
    for (int run = 0; run < 2; ++run) EXPECT_EQ(trial_.renew().failure(), Reason::proof_failed);
    stage_.bank().set("login.status", "0");
    const auto renewed = trial_.renew();
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(renewed.last)) << to_json(renewed.last);
  }
};

struct Scene {
  const char* name;
  int days_left;
  std::unique_ptr<Errand> (*make)(Stage&);
};

template <typename Made>
std::unique_ptr<Errand> make(Stage& stage) {
  return std::make_unique<Made>(stage);
}

inline constexpr Scene renewal{"renewal", Renewal::days_left, make<Renewal>};
inline constexpr Scene enrolment{"enrolment", Enrolment::days_left, make<Enrolment>};
inline constexpr Scene approval{"approval", Approval::days_left, make<Approval>};
inline constexpr Scene second_asking{"second_asking", SecondAsking::days_left, make<SecondAsking>};
inline constexpr Scene pruning{"pruning", Pruning::days_left, make<Pruning>};
inline constexpr Scene cancelling{"cancelling", Cancelling::days_left, make<Cancelling>};
inline constexpr Scene clearing_refused{"clearing_refused", ClearingRefused::days_left,
                                        make<ClearingRefused>};

inline void PrintTo(const Scene& scene, std::ostream* out) {
  *out << scene.name;
}

}  // namespace koshin::faults
