// SPDX-License-Identifier: MIT
// A file that takes so many bytes and no more, whoever writes.
#include "foundation/system/bounded_file.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <list>
#include <string>

namespace koshin {
namespace {

std::string content(const Handle& file, std::size_t most = 1 << 20) {
  std::string text(most, '\0');
  text.resize(read_bounded_file(file.get(), text).size());
  return text;
}

void write(int descriptor, const std::string& text) {
  EXPECT_EQ(::write(descriptor, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

TEST(BoundedFile, HasWhatWasWrittenThroughItAndItsDuplicates) {
  const Handle file = make_bounded_file(100);
  EXPECT_GT(file.get(), STDERR_FILENO);
  EXPECT_NE(::fcntl(file.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(content(file), "");
  write(file.get(), "one ");
  const Handle duplicate(::dup(file.get()));
  write(duplicate.get(), "two ");
  EXPECT_EQ(content(file), "one two ");
  EXPECT_EQ(content(file, 5), "one t");
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::write(duplicate.get(), "three", 5) == 5 ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(content(file), "one two three");
}

TEST(BoundedFile, TakesNoMoreAndHoldsNobodyUp) {
  const Handle file = make_bounded_file(10);
  write(file.get(), "1234567890");
  const std::string much(1 << 20, 'x');  // one system refuses it, another throws it away
  for (int i = 0; i < 4; ++i) (void)!::write(file.get(), much.data(), much.size());
  EXPECT_EQ(content(file), "1234567890");
}

TEST(BoundedFile, IsAnotherOneWhenItsNumberIsUsedAgain) {
  int number = -1;
  pid_t holder = -1;
  {
    const Handle below(::dup(STDIN_FILENO));  // free as well afterwards, for the other end of a pipe
    const Handle file = make_bounded_file(10);
    number = file.get();
    write(number, "before");
    holder = ::fork();  // holds its end
    if (holder == 0) {
      while (true) ::pause();
    }
  }
  std::list<Handle> files;
  while (files.empty() || (files.back().get() != number && files.size() < 50))
    files.push_back(make_bounded_file(10));
  if (files.back().get() == number) {  // unless threads of earlier tests have closed something below it
    EXPECT_EQ(content(files.back()), "");
    write(number, "after");
    EXPECT_EQ(content(files.back()), "after");
  }
  ::kill(holder, SIGKILL);
  ::waitpid(holder, nullptr, 0);
}

TEST(BoundedFile, ManyMayBeThereAtATime) {
  std::list<Handle> files;
  for (int i = 0; i < 300; ++i) {
    files.push_back(make_bounded_file(10));
    write(files.back().get(), std::to_string(i));
  }
  int i = 0;
  for (const Handle& file : files) EXPECT_EQ(content(file), std::to_string(i++));
}

TEST(BoundedFile, MayBeMadeOverAndOver) {
  for (int i = 0; i < 300; ++i) {  // a thread that starts late holds a descriptor until then
    const Handle file = make_bounded_file(10);
    write(file.get(), std::to_string(i));
    ASSERT_EQ(content(file), std::to_string(i));
  }
}

}  // namespace
}  // namespace koshin
