// SPDX-License-Identifier: MIT
// Creation and recognition of marks.
#include "renewal/token/marks.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "renewal/token/certificate_purpose.hpp"
#include "renewal/token/issuers.hpp"

namespace koshin::renewal {
namespace {

constexpr std::string_view mark_begins = " [koshin ";
constexpr std::size_t day_size = 10;
/// At the end of a lineage mark. (One mark of other lineages in 65536 ends so too: such a pair is left where
/// it is when it might have been removed.)
constexpr std::array<std::uint8_t, 2> mark_of_decryption{0x64, 0x63};  // "dc"

static_assert(mark_prefix.size() + std::tuple_size_v<LineageMark> < own_id_size);

void add(Bytes& text, ByteView part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U}) text.push_back(static_cast<std::uint8_t>(size >> shift));
  text.insert(text.end(), part.begin(), part.end());
}

LineageMark digest_of(const Bytes& text) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    fail(Reason::internal_error, "SHA-256 does not work");
  LineageMark mark{};
  std::copy_n(digest.begin(), mark.size(), mark.begin());
  return mark;
}

std::string mark_in_label(const LineageMark& lineage) {
  return std::string(mark_begins) + to_hex(lineage) + "]";
}

}  // namespace

LineageMark lineage_mark(const enrollment::Certificate& old_certificate) {
  Bytes text;
  add(text, old_certificate.subject_der());
  add(text, old_certificate.san_der().value_or(Bytes{}));
  add(text, issuer_name_of(old_certificate));
  const auto purpose = purpose_of(old_certificate, true);
  if (!has_lineage(purpose)) return digest_of(text);
  const auto name = to_string(purpose);
  if (purpose != messages::Purpose::log_in) text.insert(text.end(), name.begin(), name.end());
  LineageMark mark = digest_of(text);
  if (decrypts(old_certificate))
    std::copy(mark_of_decryption.begin(), mark_of_decryption.end(), mark.end() - mark_of_decryption.size());
  return mark;
}

LineageMark lineage_mark(ByteView subject_der) {
  Bytes text;
  add(text, subject_der);
  return digest_of(text);
}

Bytes make_marked_id(const LineageMark& lineage) {
  Bytes id(own_id_size);
  if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1)
    fail(Reason::internal_error, "no random numbers");
  std::copy(lineage.begin(), lineage.end(), std::copy(mark_prefix.begin(), mark_prefix.end(), id.begin()));
  return id;
}

bool is_marked_for(ByteView id, const LineageMark& lineage) {
  return is_marked(id) && std::equal(lineage.begin(), lineage.end(), id.begin() + mark_prefix.size());
}

std::optional<LineageMark> lineage_in_id(ByteView id) {
  if (!is_marked(id)) return {};
  LineageMark lineage{};
  std::copy_n(id.begin() + mark_prefix.size(), lineage.size(), lineage.begin());
  return lineage;
}

bool is_marked_for_decryption(ByteView id) {
  const auto lineage = lineage_in_id(id);
  return lineage && std::equal(mark_of_decryption.begin(), mark_of_decryption.end(),
                               lineage->end() - mark_of_decryption.size());
}

std::string pair_label(std::string_view common_name, TimePoint started) {
  constexpr std::size_t longest_name = 100, day = 10;
  return printable(common_name, longest_name) + " " + to_rfc3339(started).substr(0, day);
}

std::string marked_label(std::string_view label, const LineageMark& lineage) {
  return std::string(label) + mark_in_label(lineage);
}

bool label_is_marked_for(std::string_view label, const LineageMark& lineage) {
  return label.ends_with(mark_in_label(lineage));
}

std::string day_of_label(std::string_view label) {
  const auto mark = label.rfind(mark_begins);
  if (mark == std::string_view::npos || mark < day_size || !label.ends_with(']')) return {};
  return std::string(label.substr(mark - day_size, day_size));
}

}  // namespace koshin::renewal
