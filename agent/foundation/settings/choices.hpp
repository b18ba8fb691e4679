// SPDX-License-Identifier: MIT
// Settings that are one of a few words (docs/settings.md says what each of them does).
#pragma once

#include "foundation/base/words.hpp"

namespace koshin {

/// token.profile (renewal/policy/token_profile.hpp).
enum class TokenProfileName { generic, piv };
template <>
inline constexpr std::array<std::string_view, 2> words_of<TokenProfileName>{"generic", "piv"};

/// renewal.home_slot: whether a certificate that was renewed into a spare slot of a card is brought back to
/// the slot that programs look at (renewal/policy/home_slot.hpp).
enum class HomeSlot { always, never };
template <>
inline constexpr std::array<std::string_view, 2> words_of<HomeSlot>{"always", "never"};

/// token.pin_characters: what a PIN consists of. `printable`: ASCII letters, digits and symbols, 0x20 to
/// 0x7e.
enum class PinCharacters { any, printable, alphanumeric, digits };
template <>
inline constexpr std::array<std::string_view, 4> words_of<PinCharacters>{"any", "printable", "alphanumeric",
                                                                         "digits"};

/// authority.protocol.
enum class AuthorityProtocol { est };
template <>
inline constexpr std::array<std::string_view, 1> words_of<AuthorityProtocol>{"est"};

/// authority.http_authentication: HTTP authentication beside the certificate.
enum class AuthorityLogin { none, basic, digest };
template <>
inline constexpr std::array<std::string_view, 3> words_of<AuthorityLogin>{"none", "basic", "digest"};

/// authority.channel_binding (RFC 7030 section 3.5). `automatic`: when the authority asks for it.
enum class ChannelBinding { automatic, on, off };
template <>
inline constexpr std::array<std::string_view, 3> words_of<ChannelBinding>{"auto", "on", "off"};

/// authority.client_chain: what TLS shows beside the certificate. `leaf`: nothing.
enum class ClientChain { automatic, leaf };
template <>
inline constexpr std::array<std::string_view, 2> words_of<ClientChain>{"auto", "leaf"};

/// proxy.authentication. `automatic`: the strongest that the proxy offers.
enum class ProxyAuthentication { automatic, negotiate, digest, ntlm, basic };
template <>
inline constexpr std::array<std::string_view, 5> words_of<ProxyAuthentication>{"auto", "negotiate", "digest",
                                                                               "ntlm", "basic"};

}  // namespace koshin
