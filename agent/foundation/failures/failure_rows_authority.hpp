// SPDX-License-Identifier: MIT
// Rows of the failure table: the way to the authority. Part of failure_table.cpp.
#pragma once

#include "foundation/failures/failure.hpp"

namespace koshin::failure_rows {

inline constexpr ReasonInfo connection[] = {
    {Reason::authority_not_configured,
     "authority_not_configured",
     Retry::never,
     70,
     {"This program has not been told where certificates are renewed.", "Ask your administrator.",
      "In /etc/koshin/koshin.toml set authority.url to the authority's address (https://…)."},
     {"電子証明書を更新する認証局が、まだ設定されていません。", "管理者にご連絡ください。",
      "/etc/koshin/koshin.toml の authority.url に、認証局のアドレス (https://…) を指定してください。"}},
    {Reason::authority_unreachable,
     "authority_unreachable",
     Retry::later,
     71,
     {"The authority could not be reached over the network; nothing was lost.",
      "Check your network connection and try again later.",
      "Check name resolution, firewall and the proxy settings for the address in the "
      "detail."},
     {"ネットワーク経由で認証局に接続できませんでした。失われたものはありません。",
      "ネットワークの接続を確認し、しばらくしてからもう一度お試しください。",
      "詳細欄のアドレスについて、名前解決・ファイアウォール・プロキシの設定を確認してください。"}},
    {Reason::authority_timeout,
     "authority_timeout",
     Retry::later,
     72,
     {"The authority did not answer in time; nothing was lost.",
      "Try again later. The renewal goes on from where it stopped.",
      "Check the authority's load; authority.connect_timeout and authority.request_timeout set the limits."},
     {"認証局から時間内に応答がありませんでした。失われたものはありません。",
      "しばらくしてから、もう一度お試しください。更新は中断したところから続きます。",
      "認証局の混雑状況を確認してください。待ち時間は設定の authority.connect_timeout と "
      "authority.request_timeout で決まります。"}},
    {Reason::proxy_failed,
     "proxy_failed",
     Retry::later,
     73,
     {"The connection through your company's proxy server did not work; nothing was lost.",
      "Check your network connection and try again. If it happens again, ask your administrator.",
      "Check proxy.url (or the https_proxy variable), and that the proxy lets connections to the authority "
      "pass."},
     {"社内のプロキシサーバーを経由した接続ができませんでした。失われたものはありません。",
      "ネットワークの接続を確認し、もう一度お試しください。続く場合は、管理者にご連絡ください。",
      "設定の proxy.url (または環境変数 https_proxy) "
      "と、プロキシが認証局への接続を許可しているかを確認してください。"}},
    {Reason::proxy_authentication_failed,
     "proxy_authentication_failed",
     Retry::never,
     74,
     {"Your company's proxy server wants to know who is there, and got no answer that it accepts.",
      "Ask your administrator. Nothing was lost.",
      "Set proxy.user and proxy.password_file, or correct them; the detail names what the proxy offers."},
     {"社内のプロキシサーバーが利用者の確認を求めましたが、受け付けられる情報を送れませんでした。",
      "管理者にご連絡ください。失われたものはありません。",
      "設定の proxy.user と proxy.password_file "
      "を設定するか、内容を直してください。プロキシが受け付ける方式は詳細欄に出ています。"}},
    {Reason::authority_untrusted,
     "authority_untrusted",
     Retry::never,
     75,
     {"The server that answered could not prove that it is the authority, so nothing was sent to it.",
      "Ask your administrator. Do not try from another network to get around this.",
      "Set authority.trust_anchors to the authority's root certificate; else a device in between inspects "
      "TLS: exempt the authority."},
     {"接続先が正しい認証局であることを確認できないため、何も送信しませんでした。",
      "管理者にご連絡ください。別のネットワークから試して回避することは、なさらないでください。",
      "設定の authority.trust_anchors "
      "に、認証局のルート証明書を指定してください。通信を検査する機器がある場合は、認証局を対象外にしてくださ"
      "い。"}},
    {Reason::authority_name_mismatch,
     "authority_name_mismatch",
     Retry::never,
     76,
     {"The server that answered has another name than the authority, so nothing was sent to it.",
      "Ask your administrator.",
      "Correct authority.url: its host name must be in the server's certificate; the detail shows both."},
     {"接続先の名前が認証局の名前と一致しないため、何も送信しませんでした。", "管理者にご連絡ください。",
      "設定の authority.url "
      "を直してください。ホスト名は接続先の証明書にある名前と一致する必要があります。両方の名前が詳細欄に出て"
      "います。"}},
    {Reason::authority_certificate_expired,
     "authority_certificate_expired",
     Retry::later,
     77,
     {"The authority's own certificate has expired, so nothing was sent to it.",
      "Check the date of your computer. If it is right, try again later or ask your administrator.",
      "Tell the operator of the authority; your users' certificates are not affected."},
     {"認証局側の証明書の有効期限が切れているため、何も送信しませんでした。",
      "パソコンの日付をご確認ください。正しい場合は、時間をおいて試すか、管理者にご連絡ください。",
      "認証局の運用担当に連絡してください。利用者の電子証明書には影響ありません。"}},
    {Reason::tls_failed,
     "tls_failed",
     Retry::later,
     78,
     {"No secure connection to the authority could be made; nothing was lost.",
      "Try again later. If it happens again, ask your administrator.",
      "The detail holds the TLS error: often the authority refused the client certificate, or a device in "
      "between broke the connection."},
     {"認証局との安全な接続ができませんでした。失われたものはありません。",
      "しばらくしてから、もう一度お試しください。続く場合は、管理者にご連絡ください。",
      "詳細欄の TLS "
      "のエラーを確認してください。認証局が利用者の電子証明書を受け付けなかったか、途中の機器が通信を切った場"
      "合がほとんどです。"}},
    {Reason::passphrase_required,
     "passphrase_required",
     Retry::after_user_action,
     79,
     {"The authority asks for a passphrase beside the certificate, and none was given.",
      "Enter the passphrase. Nothing was changed.",
      "On the command line give it with --passphrase-stdin, or name a file that holds it in "
      "authority.http_password_file."},
     {"認証局は、電子証明書のほかにパスフレーズも必要としていますが、入力されていません。",
      "パスフレーズを入力してください。何も変更されていません。",
      "コマンドでは --passphrase-stdin で渡すか、設定の authority.http_password_file "
      "にファイルを指定してください。"}},
    {Reason::authority_certificate_too_weak,
     "authority_certificate_too_weak",
     Retry::never,
     95,
     {"The certificate of the server that answered is too weak for today's rules, so nothing was sent to it.",
      "Ask your administrator. Your own certificate is not the cause.",
      "The detail names the certificate of the server's chain that is weak (SHA-1, a short key): its "
      "operator has to replace it."},
     {"接続先のサーバーの証明書の暗号の強度が現在の基準に達していないため、何も送信しませんでした。",
      "管理者にご連絡ください。お使いの電子証明書が原因ではありません。",
      "サーバー側のどの証明書が弱いか (SHA-1、短い鍵など) "
      "は、詳細欄に出ています。サーバーの運用担当に交換を依頼してください。"}},
    {Reason::certificate_not_requested,
     "certificate_not_requested",
     Retry::never,
     96,
     {"The authority's server never asks for a certificate, so nobody can log in there with one. No key was "
      "made.",
      "Ask your administrator. Your current certificate was not changed.",
      "Let the server that ends TLS ask for client certificates, or set authority.prove_url to the page "
      "where a certificate logs in."},
     {"認証局のサーバーが電子証明書の提示を求めないため、電子証明書でログインできません。鍵は作っていません"
      "。",
      "管理者にご連絡ください。今お使いの電子証明書は変わっていません。",
      "TLS を終端するサーバーがクライアント証明書を求めるように設定するか、設定の authority.prove_url "
      "に、電子証明書でログインするページを指定してください。"}},
    {Reason::issuer_untrusted,
     "issuer_untrusted",
     Retry::never,
     97,
     {"Who issues the certificates of this authority cannot be checked here, so no new one was asked for.",
      "Ask your administrator. Nothing was changed; your current certificate can still be used.",
      "Put the certificate of the authority that issues your users' certificates, or its root, into the file "
      "of authority.issuer_anchors; the detail says where the chain of the present certificate ends."},
     {"この認証局が発行する電子証明書の発行元を確認できないため、新しい電子証明書を申請しませんでした。",
      "管理者にご連絡ください。何も変更されていません。今お使いの電子証明書はそのまま使えます。",
      "利用者の電子証明書を発行する認証局の証明書、またはそのルート証明書を、設定の authority.issuer_anchors "
      "のファイルに加えてください。今の電子証明書のチェーンがどこで途切れているかは、詳細欄に出ています。"}},
    {Reason::proxy_unusable,
     "proxy_unusable",
     Retry::after_user_action,
     91,
     {"Your company's proxy server, as it is set here, is not one that leads to the authority; nothing was "
      "lost.",
      "If you are outside your company, connect to its network and try again. Otherwise ask your "
      "administrator.",
      "Correct proxy.url (or the https_proxy variable), proxy.trust_anchors for an https:// proxy, or what "
      "the proxy lets through; the detail names the one that is to blame."},
     {"設定されている社内のプロキシサーバーからは認証局に接続できません。失われたものはありません。",
      "社外でお使いの場合は、社内のネットワークに接続してからもう一度お試しください。それ以外の場合は、管理者"
      "にご連絡ください。",
      "設定の proxy.url (または環境変数 https_proxy)、https:// のプロキシの場合は "
      "proxy.trust_anchors、またはプロキシの許可の設定を直してください。どれが原因かは詳細欄に出ています。"}},
    {Reason::tls_impossible,
     "tls_impossible",
     Retry::never,
     92,
     {"This computer and the authority's server have no kind of secure connection in common; nothing was "
      "lost.",
      "Ask your administrator. Trying again does not help until something is changed.",
      "The detail holds the TLS error: koshin speaks TLS 1.2 and 1.3. Correct host and port in authority.url "
      "(or authority.prove_url), authority.channel_binding, or the server's versions and ciphers."},
     {"このパソコンと認証局のサーバーとの間で、共通して使える安全な接続方式がありません。失われたものはありま"
      "せん。",
      "管理者にご連絡ください。設定が変わるまで、もう一度試しても結果は同じです。",
      "詳細欄の TLS のエラーを確認してください。koshin が使うのは TLS 1.2 と 1.3 です。設定の authority.url "
      "(または authority.prove_url) "
      "のホスト名とポート、authority.channel_binding、またはサーバー側のバージョン"
      "と暗号方式を直してください。"}},
};

}  // namespace koshin::failure_rows
