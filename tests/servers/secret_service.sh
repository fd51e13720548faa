#!/usr/bin/env bash
# Run a command inside a D-Bus session of its own with a real keychain (gnome-keyring), without a screen.
#
#   secret_service.sh [unlocked|locked|fresh] COMMAND...
#
#   unlocked  (default) the login keyring exists and is open
#   locked    it exists and stays closed; nobody answers the prompt
#   fresh     there is no keyring yet, and nobody to make one
#
# The command's status is the script's. Everything the keychain writes goes to a temporary folder, removed at the end.
# SECRET_SERVICE_INSTALL=only installs what is missing (dbus, gnome-keyring) and ends.
set -euo pipefail

state=unlocked
case ${1:-} in unlocked | locked | fresh) state=$1; shift ;; esac

missing=()
command -v dbus-run-session >/dev/null || missing+=(dbus)
command -v gnome-keyring-daemon >/dev/null || missing+=(gnome-keyring)
if [ ${#missing[@]} -gt 0 ]; then
  root=(); [ "$(id -u)" = 0 ] || root=(sudo -n)
  { "${root[@]}" apt-get update -qq &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2
fi
[ "${SECRET_SERVICE_INSTALL:-}" != only ] || exit 0
[ $# -gt 0 ] || { echo "usage: secret_service.sh [unlocked|locked|fresh] COMMAND..." >&2; exit 2; }

place=$(mktemp -d "${TMPDIR:-/tmp}/cmdesk-keychain.XXXXXX")
trap 'rm -rf -- "$place"' EXIT
trap 'exit 143' TERM INT HUP
mkdir -m 700 "$place/home" "$place/run"

# Inside the session: start the daemon, wait for its name on the bus, run the command, stop the daemon.
inside='
state=$1; shift
if [ "$state" = unlocked ]; then
  # The password of the new keyring is one line feed; an empty input would make no keyring at all.
  gnome-keyring-daemon --foreground --components=secrets --unlock < <(echo) >/dev/null 3>&- &
else
  gnome-keyring-daemon --foreground --components=secrets </dev/null >/dev/null 3>&- &
fi
daemon=$!
for _ in $(seq 200); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets 2>/dev/null | grep -q "boolean true" && break
  sleep 0.05
done
status=0
"$@" 2>&3 3>&- || status=$?
kill "$daemon" 2>/dev/null || true
wait "$daemon" 2>/dev/null || true
exit $status
'
session() {
  env -u DISPLAY -u WAYLAND_DISPLAY HOME="$place/home" XDG_DATA_HOME="$place/home/data" XDG_RUNTIME_DIR="$place/run" \
    dbus-run-session -- bash -c "$inside" inside "$@" 3>&2 2>>"$place/session.log"
}

# A keyring that an earlier session made is closed for the next one.
[ "$state" != locked ] || session unlocked true
status=0
session "$state" "$@" || status=$?
exit $status
