// SPDX-License-Identifier: MIT
#include "cli/tar_gz.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <stdexcept>

namespace koshin::cli {
namespace {

constexpr std::size_t block = 512;

void put(std::string& header, std::size_t offset, std::string_view text) {
  std::ranges::copy(text, header.begin() + static_cast<std::ptrdiff_t>(offset));
}

/// `digits` octal digits, as ustar has its numbers.
std::string octal(std::uint64_t number, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(number));
  return text.data();
}

std::string header_of(const std::string& name, std::size_t size, TimePoint time) {
  constexpr std::size_t longest_name = 99, checksum = 148;
  if (name.size() > longest_name) throw std::length_error(name + ": too long a name for an archive");
  std::string header(block, '\0');
  put(header, 0, name);
  put(header, 100, "0000600");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, 124, octal(size, 11));
  put(header, 136, octal(static_cast<std::uint64_t>(time.time_since_epoch().count()), 11));
  put(header, checksum, "        ");  // counts as blanks in its own sum
  put(header, 156, "0");              // a regular file
  put(header, 257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(header, checksum, octal(sum, 6) + std::string("\0 ", 2));
  return header;
}

std::string padded_to_block(std::string text) {
  text.resize((text.size() + block - 1) / block * block, '\0');
  return text;
}

/// CRC-32 of RFC 1952 section 8.
std::uint32_t crc_of(std::string_view bytes) {
  constexpr std::uint32_t polynomial = 0xEDB88320;
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ polynomial : crc >> 1U;
  }
  return ~crc;
}

/// The least significant byte first.
std::string little_endian(std::uint32_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>((number >> (8 * i)) & 0xFFU);
  return text;
}

std::string gzip(std::string_view bytes) {
  constexpr std::size_t longest_stored = 0xFFFF;
  std::string result("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  for (std::size_t at = 0; at == 0 || at < bytes.size(); at += longest_stored) {
    const std::string_view part = bytes.substr(at, longest_stored);
    const auto length = static_cast<std::uint32_t>(part.size());
    result += at + longest_stored >= bytes.size() ? '\1' : '\0';  // the last one or not
    result += little_endian(length, 2) + little_endian(~length & 0xFFFFU, 2);
    result += part;
  }
  return result + little_endian(crc_of(bytes), 4) +
         little_endian(static_cast<std::uint32_t>(bytes.size()), 4);
}

}  // namespace

std::string tar_gz(std::string_view folder, const std::vector<ArchiveEntry>& entries, TimePoint time) {
  std::string tar;
  for (const ArchiveEntry& entry : entries)
    tar += header_of(std::string(folder) + "/" + entry.name, entry.content.size(), time) +
           padded_to_block(entry.content);
  return gzip(tar + std::string(2 * block, '\0'));
}

}  // namespace koshin::cli
