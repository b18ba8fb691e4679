// SPDX-License-Identifier: MIT
// peer_owner(): the kernel is asked for the one connection (sock_diag(7)); where it does not answer that, its
// tables of all sockets of this network namespace are read, which takes milliseconds.
#include "peer_owner.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace koshin::ui {

namespace {

// The kernel prints addresses as host-order words: 127.0.0.1 on the little-endian machines we run on and on
// big-endian ones.
constexpr bool little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
constexpr std::string_view loopback = little_endian ? "0100007F" : "7F000001";
// ::ffff:127.0.0.1, as a dual-stack client's socket shows it.
constexpr std::string_view mapped =
    little_endian ? "0000000000000000FFFF00000100007F" : "00000000000000000000FFFF7F000001";
constexpr std::string_view established = "01";

bool is_endpoint(std::string_view field, std::uint16_t port) {
  char suffix[6];
  std::snprintf(suffix, sizeof suffix, ":%04X", static_cast<unsigned>(port));
  const auto colon = field.find(':');
  if (colon == std::string_view::npos || field.substr(colon) != suffix) return false;
  const std::string_view address = field.substr(0, colon);
  return address == loopback || address == mapped;
}

std::string read_all(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Question {
  nlmsghdr header{};
  inet_diag_req_v2 request{};
};

Question question_about(std::uint16_t peer_port, std::uint16_t own_port) {
  Question question;
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST;
  inet_diag_req_v2& request = question.request;
  request.sdiag_family = AF_INET;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = 1U << TCP_ESTABLISHED;
  request.id.idiag_sport = htons(peer_port);
  request.id.idiag_dport = htons(own_port);
  request.id.idiag_src[0] = request.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
  request.id.idiag_cookie[0] = request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return question;
}

/// Empty also when the answer is not about an established connection: one that is closing has no owner.
std::optional<std::uint32_t> owner_in(const char* answer, std::size_t size, const Question& question) {
  nlmsghdr header;
  inet_diag_msg message;
  if (size < NLMSG_LENGTH(sizeof message)) return std::nullopt;
  std::memcpy(&header, answer, sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;
  std::memcpy(&message, answer + NLMSG_HDRLEN, sizeof message);
  const bool the_one = message.id.idiag_sport == question.request.id.idiag_sport &&
                       message.id.idiag_dport == question.request.id.idiag_dport;
  if (!the_one || message.idiag_state != TCP_ESTABLISHED) return std::nullopt;
  return message.idiag_uid;
}

std::optional<std::uint32_t> ask_kernel(std::uint16_t peer_port, std::uint16_t own_port) {
  const int kernel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (kernel < 0) return std::nullopt;
  constexpr timeval longest{1, 0};
  setsockopt(kernel, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  const Question question = question_about(peer_port, own_port);
  std::array<char, 4096> answer{};
  ssize_t size = -1;
  if (send(kernel, &question, sizeof question, 0) == static_cast<ssize_t>(sizeof question))
    size = recv(kernel, answer.data(), answer.size(), 0);
  close(kernel);
  return size < 0 ? std::nullopt : owner_in(answer.data(), static_cast<std::size_t>(size), question);
}

}  // namespace

std::optional<std::uint32_t> find_owner(std::string_view table, std::uint16_t peer_port,
                                        std::uint16_t own_port) {
  std::istringstream lines{std::string(table)};
  std::string line;
  std::getline(lines, line);  // column names
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string slot, local, remote, state, queues, timer, retransmits;
    std::uint32_t uid = 0;
    if (!(fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid)) continue;
    if (state == established && is_endpoint(local, peer_port) && is_endpoint(remote, own_port)) return uid;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> peer_owner(std::uint16_t peer_port, std::uint16_t own_port) {
  if (const auto owner = ask_kernel(peer_port, own_port)) return owner;
  for (const char* path : {"/proc/self/net/tcp", "/proc/self/net/tcp6"})
    if (const auto owner = find_owner(read_all(path), peer_port, own_port)) return owner;
  return std::nullopt;
}

bool peer_is_self(std::uint16_t peer_port, std::uint16_t own_port) {
  return peer_owner(peer_port, own_port) == geteuid();
}

}  // namespace koshin::ui
