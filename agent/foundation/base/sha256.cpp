// SPDX-License-Identifier: MIT
// Names of functions and variables are those of FIPS 180-4, sections 4.1.2 to 6.2.2.
#include "foundation/base/sha256.hpp"

#include <array>
#include <bit>
#include <vector>

#include "foundation/base/text.hpp"

namespace koshin {
namespace {

constexpr std::size_t block_size = 64;  // bytes

constexpr std::array<std::uint32_t, 64> k{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using Hash = std::array<std::uint32_t, 8>;
constexpr Hash initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::array<std::uint32_t, 64> schedule_of(std::span<const std::uint8_t> block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t t = 0; t < block_size; ++t) w.at(t / 4) = w.at(t / 4) << 8U | block[t];
  for (std::size_t t = 16; t < w.size(); ++t) {
    const std::uint32_t a = w.at(t - 15);
    const std::uint32_t b = w.at(t - 2);
    const std::uint32_t sigma0 = std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3U);
    const std::uint32_t sigma1 = std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10U);
    w.at(t) = sigma1 + w.at(t - 7) + sigma0 + w.at(t - 16);
  }
  return w;
}

void add_block(Hash& hash, std::span<const std::uint8_t> block) {
  const auto w = schedule_of(block);
  auto [a, b, c, d, e, f, g, h] = hash;
  for (std::size_t t = 0; t < w.size(); ++t) {
    const std::uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t t1 = h + sum1 + ((e & f) ^ (~e & g)) + k.at(t) + w.at(t);
    const std::uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const Hash worked{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < hash.size(); ++i) hash.at(i) += worked.at(i);
}

/// What follows the last whole block: the rest, a bit 1, zeros, and the length in bits.
std::vector<std::uint8_t> padded(std::span<const std::uint8_t> rest, std::uint64_t bytes) {
  std::vector<std::uint8_t> end(rest.begin(), rest.end());
  end.push_back(0x80);
  while (end.size() % block_size != block_size - 8) end.push_back(0);
  for (unsigned shift = 64; shift != 0; shift -= 8)
    end.push_back(static_cast<std::uint8_t>(bytes * 8 >> (shift - 8)));
  return end;
}

void add_blocks(Hash& hash, std::span<const std::uint8_t> blocks) {
  for (; blocks.size() >= block_size; blocks = blocks.subspan(block_size))
    add_block(hash, blocks.first(block_size));
}

}  // namespace

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  Hash hash = initial;
  add_blocks(hash, bytes);
  add_blocks(hash, padded(bytes.last(bytes.size() % block_size), bytes.size()));
  std::vector<std::uint8_t> digest;
  for (const std::uint32_t word : hash)
    for (unsigned shift = 32; shift != 0; shift -= 8)
      digest.push_back(static_cast<std::uint8_t>(word >> (shift - 8)));
  return to_hex(digest);
}

}  // namespace koshin
