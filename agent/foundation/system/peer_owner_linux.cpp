// SPDX-License-Identifier: MIT
// peer_owner() asks the kernel for one connection (sock_diag(7)). Where that is unsupported, it reads the
// tables of all sockets of this network namespace, which takes milliseconds.
#include "foundation/system/peer_owner_linux.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace koshin {

namespace {

constexpr std::string_view established = "01";
constexpr std::uint32_t v4_mapped = 0xFFFF;  // the third word of ::ffff:a.b.c.d

/// The kernel's notation: each word of the address in network order, then the port.
std::string in_table(const Endpoint& end, bool ipv6) {
  char text[48];
  if (ipv6) {
    std::snprintf(text, sizeof text, "%08X%08X%08X%08X:%04X", 0U, 0U, htonl(v4_mapped), htonl(end.address),
                  static_cast<unsigned>(end.port));
  } else {
    std::snprintf(text, sizeof text, "%08X:%04X", htonl(end.address), static_cast<unsigned>(end.port));
  }
  return text;
}

/// Compares an endpoint; a client's dual-stack socket is shown with its mapped address.
bool is_endpoint(std::string_view field, const Endpoint& end) {
  return field == in_table(end, false) || field == in_table(end, true);
}

std::string read_all(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Question {
  nlmsghdr header{};
  inet_diag_req_v2 request{};
};

/// A request with all four values: the peer's address and port, the own address and port.
Question question_about(const Connection& connection) {
  Question question;
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST;
  inet_diag_req_v2& request = question.request;
  request.sdiag_family = AF_INET;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = 1U << TCP_ESTABLISHED;
  request.id.idiag_sport = htons(connection.peer.port);
  request.id.idiag_dport = htons(connection.own.port);
  request.id.idiag_src[0] = htonl(connection.peer.address);
  request.id.idiag_dst[0] = htonl(connection.own.address);
  request.id.idiag_cookie[0] = request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return question;
}

bool same_address(const __be32 (&shown)[4], std::uint8_t family, __be32 asked) {
  if (family == AF_INET) return shown[0] == asked;
  return shown[0] == 0 && shown[1] == 0 && shown[2] == htonl(v4_mapped) && shown[3] == asked;
}

/// Whether the answer is about the requested, established connection: without such a connection the kernel
/// reports the listener on the port instead, and a closing connection has no owner.
bool is_about(const inet_diag_msg& answer, const inet_diag_sockid& asked) {
  const inet_diag_sockid& found = answer.id;
  return found.idiag_sport == asked.idiag_sport && found.idiag_dport == asked.idiag_dport &&
         same_address(found.idiag_src, answer.idiag_family, asked.idiag_src[0]) &&
         same_address(found.idiag_dst, answer.idiag_family, asked.idiag_dst[0]) &&
         answer.idiag_state == TCP_ESTABLISHED;
}

using Kind = KernelAnswer::Kind;

KernelAnswer read_answer(const char* answer, std::size_t size, const Question& question) {
  nlmsghdr header;
  inet_diag_msg message;
  if (size < sizeof header) return {};
  std::memcpy(&header, answer, sizeof header);
  if (header.nlmsg_type == NLMSG_ERROR) {
    nlmsgerr error;
    if (size < NLMSG_LENGTH(sizeof error)) return {};
    std::memcpy(&error, answer + NLMSG_HDRLEN, sizeof error);
    // A kernel without sock_diag answers in the same way; peer_owner() distinguishes the two.
    return {error.error == -ENOENT ? Kind::no_such_connection : Kind::none};
  }
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY || size < NLMSG_LENGTH(sizeof message)) return {};
  std::memcpy(&message, answer + NLMSG_HDRLEN, sizeof message);
  if (!is_about(message, question.request.id)) return {Kind::no_such_connection};
  return {Kind::owner, message.idiag_uid};
}

}  // namespace

KernelAnswer ask_kernel(const Connection& connection) {
  const int kernel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (kernel < 0) return {};
  constexpr timeval longest{1, 0};
  setsockopt(kernel, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  const Question question = question_about(connection);
  std::array<char, 4096> answer{};
  ssize_t size = -1;
  if (send(kernel, &question, sizeof question, 0) == static_cast<ssize_t>(sizeof question))
    size = recv(kernel, answer.data(), answer.size(), 0);
  close(kernel);
  return size < 0 ? KernelAnswer{} : read_answer(answer.data(), static_cast<std::size_t>(size), question);
}

std::optional<std::uint32_t> find_owner(std::string_view table, const Connection& connection) {
  std::istringstream lines{std::string(table)};
  std::string line;
  std::getline(lines, line);  // column names
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string slot, local, remote, state, queues, timer, retransmits;
    std::uint32_t uid = 0;
    if (!(fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid)) continue;
    if (state == established && is_endpoint(local, connection.peer) && is_endpoint(remote, connection.own))
      return uid;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> peer_owner(const Connection& connection, const AskKernel& ask) {
  // A kernel that has named an owner once supports sock_diag: later its "no" counts, and another user cannot
  // provoke repeated reading of the tables by hanging up.
  static std::atomic<bool> kernel_answers{false};
  KernelAnswer answer = ask(connection);
  if (answer.kind == Kind::none) answer = ask(connection);  // interrupted, or temporarily out of memory
  if (answer.kind == Kind::owner) {
    kernel_answers = true;
    return answer.owner;
  }
  if (kernel_answers && answer.kind == Kind::no_such_connection) return std::nullopt;
  for (const char* path : {"/proc/self/net/tcp", "/proc/self/net/tcp6"})
    if (const auto owner = find_owner(read_all(path), connection)) return owner;
  return std::nullopt;
}

bool peer_is_self(const Connection& connection) {
  return connection.peer.address == loopback_address && peer_owner(connection) == geteuid();
}

bool peers_can_be_told() {
  return true;
}

}  // namespace koshin
