// SPDX-License-Identifier: MIT
// The script's interpreter is Duktape. It leaves its functions by longjmp where the script throws: none of
// them is called here with an object of C++ alive that needs its destructor.
#include "proxy_lookup/proxy_script.hpp"

#include <duktape.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "foundation/failures/failure.hpp"
#include "proxy_lookup/script_environment.hpp"
#include "proxy_lookup/script_functions.hpp"

namespace koshin::proxy_lookup {
namespace {

/// What the interpreter has taken; each piece knows its size.
struct Memory {
  std::size_t used = 0;
};
constexpr std::size_t header = alignof(std::max_align_t);
static_assert(header >= sizeof(std::size_t));

std::size_t& size_of(void* piece) {
  return *reinterpret_cast<std::size_t*>(static_cast<char*>(piece) - header);
}

void give(void* memory, void* piece) {
  if (piece == nullptr) return;
  static_cast<Memory*>(memory)->used -= size_of(piece);
  std::free(static_cast<char*>(piece) - header);
}

void* take_or_grow(void* memory, void* piece, duk_size_t size) {
  auto& account = *static_cast<Memory*>(memory);
  if (size == 0) {
    give(memory, piece);
    return nullptr;
  }
  const std::size_t before = piece == nullptr ? 0 : size_of(piece);
  if (size > script_memory || account.used - before + size > script_memory) return nullptr;
  auto* const block = static_cast<char*>(
      std::realloc(piece == nullptr ? nullptr : static_cast<char*>(piece) - header, size + header));
  if (block == nullptr) return nullptr;
  account.used += size - before;
  *reinterpret_cast<std::size_t*>(block) = size;
  return block + header;
}

void* take(void* memory, duk_size_t size) {
  return take_or_grow(memory, nullptr, size);
}

/// Where the interpreter itself cannot go on, such as without memory outside of a protected call.
void give_up(void* /*memory*/, const char* /*why*/) {
  std::abort();  // the process is for this alone, and its parent says that it ended without an answer
}

struct HeapDestroyer {
  void operator()(duk_context* heap) const noexcept { duk_destroy_heap(heap); }
};
using Heap = std::unique_ptr<duk_context, HeapDestroyer>;

constexpr std::size_t longest_host = 255;

/// dnsResolve(host): an IPv4 address as text, or null.
duk_ret_t resolve(duk_context* heap) {
  duk_size_t length = 0;
  const char* const host = duk_get_lstring(heap, 0, &length);
  char address[address_size];  // NOLINT: no object with a destructor may be here
  const bool found =
      host != nullptr && length > 0 && length <= longest_host && resolve_to_ipv4(host, address);
  if (found)
    duk_push_string(heap, address);
  else
    duk_push_null(heap);
  return 1;
}

/// myIpAddress(): the address by which this computer would leave.
duk_ret_t own_address(duk_context* heap) {
  char address[address_size];  // NOLINT: as above
  own_ipv4(address);
  duk_push_string(heap, address);
  return 1;
}

/// The failure on top of the interpreter's stack.
[[noreturn]] void fail_with_script(duk_context* heap, const char* what) {
  fail(Reason::proxy_failed, std::string(what) + ": " + printable(duk_safe_to_string(heap, -1), 300));
}

void evaluate(duk_context* heap, const std::string& source, const char* what) {
  if (duk_peval_lstring(heap, source.data(), source.size()) != 0) fail_with_script(heap, what);
  duk_pop(heap);
}

/// "bank.example" of "https://bank.example:8443/".
std::string host_of(const std::string& url) {
  const auto behind = url.find("://");
  std::string host = behind == std::string::npos ? url : url.substr(behind + 3);
  host.resize(std::min(host.find('/'), host.size()));
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  host.resize(std::min(host.find(':'), host.size()));
  return host;
}

/// "https://bank.example:8443/": browsers do not show a script more of an https:// URL.
std::string without_path(const std::string& url) {
  const auto behind = url.find("://");
  const auto slash = behind == std::string::npos ? std::string::npos : url.find('/', behind + 3);
  return url.substr(0, slash) + '/';
}

/// Only letters outside of ASCII, in comments, differ between the encodings that scripts are written in.
std::string as_ascii(std::string script) {
  std::ranges::replace_if(
      script, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, ' ');
  return script;
}

}  // namespace

std::string run_proxy_script(const std::string& script, const std::string& server_url) {
  Memory memory;
  const Heap heap(duk_create_heap(take, take_or_grow, give, &memory, give_up));
  if (!heap) fail(Reason::internal_error, "the interpreter of proxy scripts: out of memory");
  duk_push_c_function(heap.get(), resolve, 1);
  duk_put_global_string(heap.get(), "dnsResolve");
  duk_push_c_function(heap.get(), own_address, 0);
  duk_put_global_string(heap.get(), "myIpAddress");
  evaluate(heap.get(), script_functions(), "the functions for proxy scripts");
  evaluate(heap.get(), as_ascii(script), "the script");
  duk_get_global_string(heap.get(), "FindProxyForURL");
  if (duk_is_function(heap.get(), -1) == 0)
    fail(Reason::proxy_failed, "the script has no function FindProxyForURL");
  duk_push_string(heap.get(), without_path(server_url).c_str());
  duk_push_string(heap.get(), host_of(server_url).c_str());
  if (duk_pcall(heap.get(), 2) != DUK_EXEC_SUCCESS) fail_with_script(heap.get(), "FindProxyForURL");
  if (duk_is_null_or_undefined(heap.get(), -1) != 0) return "DIRECT";
  if (duk_is_string(heap.get(), -1) == 0) fail(Reason::proxy_failed, "FindProxyForURL has returned no text");
  return duk_get_string(heap.get(), -1);
}

}  // namespace koshin::proxy_lookup
