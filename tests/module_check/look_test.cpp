// SPDX-License-Identifier: MIT
// koshin-module-look, and when it tries a PIN.
#include <fstream>
#include <iterator>

#include "check_fixture.hpp"
#include "foundation/failures/failure.hpp"
#include "module_check/look.hpp"

namespace koshin::test {
namespace {

using module_check::look_at;
using module_check::Opening;

class ModuleLook : public ModuleCheck {
 protected:
  /// What the look fails with; empty: nothing.
  std::optional<Reason> failure_of(const Opening& opening, const std::function<void(faults::Plan&)>& change) {
    plan_.module = SoftHsm::module();
    plan_.log = path_ / "calls";
    plan_.removed = path_ / "removed";
    change(plan_);
    faults::save(plan_, path_ / "plan");
    const ScopedEnvironment environment({{faults::plan_variable, (path_ / "plan").string()}});
    try {
      (void)look_at(KOSHIN_FAULT_MODULE, "", opening, {});
      return {};
    } catch (const FailureError& error) {
      return error.failure().reason;
    }
  }
  bool has_logged_in() const {
    std::ifstream file(path_ / "calls");
    return std::string{std::istreambuf_iterator<char>(file), {}}.find("C_Login") != std::string::npos;
  }
  SecureBuffer pin_now_ = SecureBuffer::copy_of({right_pin, std::string_view(right_pin).size()});
};

TEST_F(ModuleLook, tries_the_pin_at_one_token_alone) {
  EXPECT_EQ(failure_of({.pin = &pin_now_}, [](faults::Plan&) {}), std::nullopt);
  EXPECT_TRUE(has_logged_in());
  std::filesystem::remove(path_ / "calls");
  hsm_.init_token("another", "11112222");
  EXPECT_EQ(failure_of({.pin = &pin_now_}, [](faults::Plan&) {}), Reason::token_ambiguous);
  EXPECT_EQ(failure_of({.on_reader = true}, [](faults::Plan&) {}), Reason::token_ambiguous);
  EXPECT_FALSE(has_logged_in());
  EXPECT_EQ(failure_of({}, [](faults::Plan&) {}), std::nullopt) << "without a PIN any number may fit";
}

TEST_F(ModuleLook, does_not_try_a_pin_that_the_worker_would_not_try) {
  constexpr unsigned long count_low = 0x10000, final_try = 0x20000, locked = 0x40000;
  const auto with_flags = [](unsigned long flags) {
    return [flags](faults::Plan& plan) { plan.token_flags = flags; };
  };
  const Opening opening{.pin = &pin_now_};
  EXPECT_EQ(failure_of(opening, with_flags(count_low)), Reason::pin_count_low);
  EXPECT_EQ(failure_of(opening, with_flags(final_try)), Reason::pin_final_try);
  EXPECT_EQ(failure_of(opening, with_flags(locked)), Reason::pin_locked);
  EXPECT_FALSE(has_logged_in());
  EXPECT_EQ(failure_of({.pin = &pin_now_, .count_low = true}, with_flags(count_low)), std::nullopt);
  EXPECT_TRUE(has_logged_in());
}

}  // namespace
}  // namespace koshin::test
