#!/usr/bin/env bash
# A real fediverse server with a part of the Mastodon API (snac), on this machine, with two accounts.
#
#   mastodon.sh [PORT]
#
# When ready: READY and JSON with url, switch, accounts.alice and .bob (acct, password, token of a real sign-in).
# While a file named by `switch` exists, the server is off; its data stay.
# snac is in Debian 13, not 12: it is unpacked from there into a folder with the libraries it needs. See README.md.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

debian curl python3 mmdebstrap debian-archive-keyring

unpack_snac() {
  local source
  [ ! -x "$1/usr/bin/snac" ] || return 0
  source=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' | sed -n 's/^Debian|Debian|//p' | head -n 1)
  [ -n "$source" ] || fail "this machine has no Debian package source"
  say "unpacking snac"
  rm -rf "$1" "$1.part"
  mmdebstrap --quiet --variant=extract --include=snac2 trixie "$1.part" "$source" >&2
  mv "$1.part" "$1"
}
root=$cache/snac-trixie
once snac unpack_snac "$root"
open_house mastodon
port=$(port_of "${1:-0}")

# Debian 13's own loader and libraries, so that the program runs on any Debian.
loader=$(find "$root/usr/lib" "$root/usr/lib64" -name 'ld-linux*.so.*' 2>/dev/null | head -n 1)
libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6 | head -n 1)")
snac() { exec "$loader" --library-path "$libraries" "$root/usr/bin/snac" "$@"; }

# Its questions: address, port, public name, path prefix, administrator's address.
( snac init "$house/data" ) >"$house/init.log" 2>&1 <<EOF || explain "snac init failed"
127.0.0.1
$port
localhost:$port


EOF
python3 - "$house/data/server.json" <<'EOF'
import json, pathlib, sys
file = pathlib.Path(sys.argv[1])
file.write_text(json.dumps(json.loads(file.read_text()) | {"protocol": "http", "dbglevel": 1}))
EOF
declare -A password
for name in alice bob; do
  password[$name]=$( ( snac adduser "$house/data" "$name" ) <<<"$name" 2>/dev/null | sed -n 's/.*password is //p')
  [ -n "${password[$name]}" ] || fail "no account $name"
done
off=$house/off
serve_snac() {
  while :; do
    snac httpd "$house/data" &
    while [ ! -e "$off" ]; do kill -0 $! || exit 1; sleep 0.1; done
    kill -TERM $! && wait $! || true
    while [ -e "$off" ]; do sleep 0.1; done
  done
}
run_in_back snac serve_snac
until_true 60 answers "http://localhost:$port/api/v1/instance"

accounts=
for name in alice bob; do
  token=$(python3 "$here/sign_in.py" "http://localhost:$port" "$name" "${password[$name]}")
  accounts+=",\"$name\":{\"acct\":\"$name@localhost:$port\",\"password\":\"${password[$name]}\",\"token\":\"$token\"}"
done
announce "{\"url\":\"http://localhost:$port\",\"switch\":\"$off\",\"accounts\":{${accounts#,}}}"
stay
