// SPDX-License-Identifier: MIT
// Runs a harness where libFuzzer is not at hand: all inputs of a corpus, then mutations of them, the same
// ones each time. usage: PROGRAM [-runs=N] [-seed=N] [-max_len=N] CORPUS   (libFuzzer's spelling) An input
// that ends the process, or takes longer than a quarter of a minute, is written to ./crash-input.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "harness.hpp"

namespace {

using Input = std::vector<std::uint8_t>;
constexpr std::size_t max_population = 512;
constexpr unsigned patience_seconds = 15;

struct Options {
  unsigned long runs = 10'000;
  unsigned long seed = 1;
  std::size_t max_length = 4096;
  std::filesystem::path corpus;
};

// What a signal handler needs.
const std::uint8_t* current_data = nullptr;
std::size_t current_size = 0;

extern "C" void keep_input(int signal) {
  const int file = ::open("crash-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool kept = file >= 0 && ::write(file, current_data, current_size) >= 0;
  constexpr std::string_view said = "fuzz: the input is in ./crash-input\n";
  if (kept) (void)!::write(STDERR_FILENO, said.data(), said.size());
  ::_exit(128 + signal);
}

class Mutator {
 public:
  explicit Mutator(unsigned long seed) : random_(seed) {}

  Input mutate(const std::vector<Input>& population, std::size_t max_length) {
    Input input = population[below(population.size())];
    for (std::size_t rest = 1 + below(4); rest > 0; --rest) step(input, population[below(population.size())]);
    if (input.size() > max_length) input.resize(max_length);
    return input;
  }
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

 private:
  void step(Input& input, const Input& other) {
    const std::size_t at = below(input.size() + 1);
    const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
    const std::size_t length = std::min(input.size() - at, std::size_t{1} << below(8));
    switch (below(7)) {
      case 0:
        if (at < input.size()) *place = static_cast<std::uint8_t>(*place ^ (1U << below(8)));
        break;
      case 1:
        if (at < input.size()) *place = edges_[below(edges_.size())];
        break;
      case 2:
        input.insert(place, edges_[below(edges_.size())]);
        break;
      case 3:
        input.erase(place, place + static_cast<std::ptrdiff_t>(length));
        break;
      case 4: {
        const Input copy(place, place + static_cast<std::ptrdiff_t>(length));
        input.insert(input.begin() + static_cast<std::ptrdiff_t>(below(input.size() + 1)), copy.begin(),
                     copy.end());
        break;
      }
      case 5:
        splice(input, at, other);
        break;
      default:
        input.resize(at);
        break;
    }
  }

  /// A part of another input at this place.
  void splice(Input& input, std::size_t at, const Input& other) {
    const std::size_t from = below(other.size());
    const std::size_t length = std::min(other.size() - from, std::size_t{1} << below(8));
    const auto begin = other.begin() + static_cast<std::ptrdiff_t>(from);
    input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), begin,
                 begin + static_cast<std::ptrdiff_t>(length));
  }

  static constexpr std::array<std::uint8_t, 24> edges_{0x00, 0x01, 0x7F, 0x80, 0x81, 0x84, 0xFF, 0xFE,
                                                       0x30, 0x06, 0x02, 0x05, '%',  '"',  '\\', '\n',
                                                       '\r', ' ',  ';',  '=',  '{',  '[',  '-',  '9'};
  std::mt19937_64 random_;
};

void run(const Input& input) {
  current_data = input.data();
  current_size = input.size();
  ::alarm(patience_seconds);
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

std::vector<Input> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Input> inputs;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return inputs;
}

Options parse(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto number = [&] { return std::stoul(word.substr(word.find('=') + 1)); };
    if (word.starts_with("-runs="))
      options.runs = number();
    else if (word.starts_with("-seed="))
      options.seed = number();
    else if (word.starts_with("-max_len="))
      options.max_length = number();
    else
      options.corpus = word;
  }
  return options;
}

int fuzz(const Options& options) {
  using koshin::fuzz::tally;
  std::vector<Input> population = read_corpus(options.corpus);
  const std::size_t seeds = population.size();
  for (const Input& input : population) run(input);
  const auto from_corpus = tally;
  Mutator mutator(options.seed);
  for (unsigned long i = 0; i < options.runs && seeds > 0; ++i) {
    const Input input = mutator.mutate(population, options.max_length);
    const auto before = tally.accepted;
    run(input);
    if (tally.accepted == before) continue;
    // What is still valid is a good start for the next.
    if (population.size() < max_population)
      population.push_back(input);
    else
      population[seeds + mutator.below(population.size() - seeds)] = input;
  }
  std::printf("%zu inputs of the corpus (%lu taken), %lu mutations: %lu taken, %lu refused\n", seeds,
              from_corpus.accepted, options.runs, tally.accepted - from_corpus.accepted,
              tally.refused - from_corpus.refused);
  // A harness that takes everything, or nothing, tests nothing, unless it says that there is nothing to
  // refuse.
  const bool refuses = tally.refused > 0 || tally.refuses_nothing;
  return from_corpus.accepted > 0 && tally.accepted > from_corpus.accepted && refuses ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGALRM}) std::signal(signal, keep_input);
  try {
    return fuzz(parse(count, words));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fuzz: %s\n", error.what());
    std::abort();
  }
}
