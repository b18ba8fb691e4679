#!/bin/sh
# SPDX-License-Identifier: MIT
# The renewal as an administrator scripts it today: pkcs11-tool, openssl with the pkcs11 engine, curl. Nothing is resumed,
# nothing is journalled. Environment: MODULE LABEL URL ANCHORS PIN ENGINE, and
# WHOSE, the beginning of the certificate's label where it is not alone; of a card whose keys the security officer makes,
# SO_PIN and NEW_ID, the CKA_ID of the slot for the new pair; KEY_TYPE as pkcs11-tool has it. Run in an empty folder.
set -eu

token() { pkcs11-tool --module "$MODULE" --token-label "$LABEL" --login --pin env:PIN "$@" 2>>tools.log; }
# What makes and writes.
manage() {
  if [ -z "${SO_PIN:-}" ]; then token "$@"; return; fi
  pkcs11-tool --module "$MODULE" --token-label "$LABEL" --login --login-type so --so-pin env:SO_PIN "$@" 2>>tools.log
}

cat >openssl.cnf <<CONF
openssl_conf = init
[init]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
dynamic_path = $ENGINE
MODULE_PATH = $MODULE
PIN = $PIN
init = 0
[req]
distinguished_name = name
[name]
CONF
export OPENSSL_CONF="$PWD/openssl.cnf"

# Which certificate is on the token, and does it expire within a month?
old_id=$(token --list-objects --type cert | sed -n "/label: *${WHOSE:-.}/,/ID:/s/^ *ID: *//p" | head -n 1)
token --read-object --type cert --id "$old_id" --output-file old.der >>tools.log
openssl x509 -inform der -in old.der -out old.pem
if openssl x509 -in old.pem -checkend 2678400 >>tools.log; then echo "not due" >&2; exit 1; fi
subject=/$(openssl x509 -in old.pem -noout -subject -nameopt sep_multiline,utf8,esc_ctrl,sname |
  sed -n 's/^ *\([A-Z]*=\)/\1/p' | paste -sd/)

# Key pair, request.
new_id=${NEW_ID:-$(openssl rand -hex 8)}
manage --keypairgen --key-type "${KEY_TYPE:-EC:prime256v1}" --id "$new_id" --label renewed >>tools.log
percent() { printf '%s' "$1" | sed 's/../%&/g'; }
uri_label=$(percent "$(printf '%s' "$LABEL" | od -An -v -tx1 | tr -d ' \n')")
openssl req -new -utf8 -engine pkcs11 -keyform engine -key "pkcs11:token=$uri_label;id=$(percent "$new_id");type=private" \
  -subj "$subject" -outform der -out request.der 2>>tools.log
openssl base64 -in request.der -out request.b64

# Authority.
fetch() { curl --silent --show-error --fail --cacert "$ANCHORS" "$@" 2>>tools.log; }
with_key() { id=$1; certificate=$2; shift 2
  fetch --engine pkcs11 --key-type ENG --key "pkcs11:token=$uri_label;id=$(percent "$id");type=private" --cert "$certificate" "$@"; }
fetch "$URL/.well-known/est/cacerts" | openssl base64 -d | openssl pkcs7 -inform der -print_certs -out chain.pem
with_key "$old_id" old.pem -H 'Content-Type: application/pkcs10' --data-binary @request.b64 \
  "$URL/.well-known/est/simplereenroll" | openssl base64 -d | openssl pkcs7 -inform der -print_certs -out new.pem

# Check, write, log in.
openssl verify -CAfile "$ANCHORS" -untrusted chain.pem new.pem >>tools.log
openssl x509 -in new.pem -outform der -out new.der
manage --write-object new.der --type cert --id "$new_id" --label renewed >>tools.log
with_key "$new_id" new.pem "$URL/login" >login.html
