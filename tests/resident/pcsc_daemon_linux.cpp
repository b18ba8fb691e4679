// SPDX-License-Identifier: MIT
// pcscd with a socket handed to it, and vpcd's configuration beside it.
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "pcsc_daemon.hpp"

namespace koshin::test {
namespace {

constexpr const char* daemon_program = "/usr/sbin/pcscd";
constexpr const char* driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

bool can_bind(std::uint16_t port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const bool free = bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return free;
}

/// Two neighbouring free ports: vpcd's second slot listens one above the first.
std::uint16_t find_ports() {
  const unsigned start = 20'000U + static_cast<unsigned>(getpid()) % 5'000U * 2U;
  for (unsigned port = start; port < start + 2'000U; port += 2) {
    const auto first = static_cast<std::uint16_t>(port);
    if (can_bind(first) && can_bind(static_cast<std::uint16_t>(first + 1))) return first;
  }
  throw std::runtime_error("no two neighbouring free ports");
}

int listening_socket(const std::filesystem::path& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) throw std::runtime_error("socket path too long: " + text);
  std::memcpy(address.sun_path, text.c_str(), text.size());
  std::filesystem::remove(path);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(descriptor, 8) != 0) {
    throw std::runtime_error("cannot listen at " + text);
  }
  return descriptor;
}

[[noreturn]] void become_daemon(const OwnNetwork& network, int listening, const std::string& readers,
                                const std::string& log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  network.enter();
  constexpr int first_passed_descriptor = 3;
  if (listening == first_passed_descriptor) {
    fcntl(listening, F_SETFD, 0);
  } else {
    dup2(listening, first_passed_descriptor);
  }
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  setenv("LISTEN_FDS", "1", 1);
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  execl(daemon_program, daemon_program, "--foreground", "--info", "-c", readers.c_str(), nullptr);
  _exit(127);
}

}  // namespace

std::string PcscDaemon::missing() {
  if (geteuid() != 0) return "pcscd starts only as root";
  if (access(daemon_program, X_OK) != 0) return "pcscd is not installed";
  if (access(driver, R_OK) != 0) return "vsmartcard-vpcd is not installed";
  return {};
}

PcscDaemon::PcscDaemon(const std::filesystem::path& directory, const std::string& reader)
    : directory_(directory), first_port_(find_ports()) {
  std::filesystem::create_directories(directory_ / "readers");
  std::array<char, 16> port{};
  std::snprintf(port.data(), port.size(), "0x%X", first_port_);
  std::ofstream(directory_ / "readers" / "vpcd")
      << "FRIENDLYNAME \"" << reader << "\"\nDEVICENAME /dev/null:" << port.data() << "\nLIBPATH " << driver
      << "\nCHANNELID " << port.data() << "\n";
  setenv("PCSCLITE_CSOCK_NAME", socket().c_str(), 1);
}

PcscDaemon::~PcscDaemon() {
  kill();
}

unsigned PcscDaemon::lines_with(const std::string& words) const {
  std::ifstream lines(log());
  unsigned count = 0;
  for (std::string line; std::getline(lines, line);) count += line.find(words) != std::string::npos ? 1 : 0;
  return count;
}

long PcscDaemon::pid() const {
  return pid_;
}

void PcscDaemon::start() {
  const std::filesystem::path log = directory_ / "pcscd.log";
  std::filesystem::remove(log);
  const int listening = listening_socket(socket());
  pid_ = fork();
  if (pid_ == 0) become_daemon(network_, listening, (directory_ / "readers").string(), log.string());
  close(listening);
  // Asking through libpcsclite would fix this process on this daemon's socket: the library remembers it.
  for (int waited = 0; waited < 3000; ++waited) {
    std::ifstream stream(log);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (text.find("daemon ready") != std::string::npos) return;
    usleep(10'000);
  }
  throw std::runtime_error("pcscd does not start; " + log.string() + " says why");
}

void PcscDaemon::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
  std::error_code ignored;
  std::filesystem::remove(socket(), ignored);
}

VirtualCard::VirtualCard(const PcscDaemon& daemon, unsigned slot)
    : player_(ChildProcess::start(KOSHIN_VIRTUAL_CARD,
                                  {std::to_string(daemon.port(slot)), daemon.network().path()})) {}

VirtualCard::~VirtualCard() = default;

void VirtualCard::say(const std::string& command, const std::string& atr) {
  const std::string line = command + (atr.empty() ? "" : " " + atr) + "\n";
  player_->write(line);
  std::string answer;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  do {
    if (player_->read_line(answer, until) != ChildProcess::Read::line)
      throw std::runtime_error("the virtual card has gone");
    if (answer.starts_with("error")) throw std::runtime_error("the virtual card says: " + answer);
  } while (answer != (command == "pull" ? "pulled" : "plugged"));
}

}  // namespace koshin::test
