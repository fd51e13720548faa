#!/bin/sh
# Makes this folder ready to run, test or package: Debian packages, .venv, locked dependencies.
#
#   sh packaging/bootstrap.sh run|test|package
#
# Silent and quick when nothing is missing. Works in plain sh, because `make` may be the only thing installed.
# PYTHON=/path/to/python3 picks another interpreter (3.11 or newer).
set -eu
cd "$(dirname "$0")/.."

purpose=${1:-run}
venv=.venv

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

case $purpose in
    run) lock=requirements/app.txt ;;
    test | package) lock=requirements/dev.txt ;;
    *) die "usage: sh packaging/bootstrap.sh run|test|package" ;;
esac

# --- system packages (Debian and its relatives; elsewhere this part does nothing) ------------------------------------

# What the Qt wheel expects from the system: base and offscreen, then xcb, then Wayland, then colour emoji.
qt_packages="libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1 libfreetype6 libdbus-1-3
 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0
 libwayland-client0 libwayland-cursor0 libwayland-egl1 fonts-noto-color-emoji ca-certificates"
screen_packages="xvfb xauth"
test_packages="poppler-utils dbus gnome-keyring"

# Prints those of the given packages that are not installed. Debian 13 and Ubuntu 24.04 renamed some to NAMEt64.
missing_packages() {
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    for package in "$@"; do
        printf '%s\n' "$installed" | grep -qxF -e "$package" -e "${package}t64" || printf '%s ' "$package"
    done
}

install_packages() {
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    line="apt-get install -y --no-install-recommends $missing"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root=sudo
    else
        die "these Debian packages are missing and only root may install them. Run this, then try again:
  su -c 'apt-get update && $line'"
    fi
    say "Installing Debian packages: $missing"
    $as_root apt-get update -qq >&2 || say "warning: apt-get update failed; going on with the known package lists"
    # shellcheck disable=SC2086  # $line is a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive $line -qq >&2 || die "apt-get could not install: $missing"
}

usable_python() {
    "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if usable_python "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
}

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
    wanted=$qt_packages
    if [ "$purpose" != run ]; then
        wanted="$wanted $screen_packages $test_packages"
    elif [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        wanted="$wanted $screen_packages"
    fi
    [ "$purpose" != package ] || wanted="$wanted binutils"
    # shellcheck disable=SC2086
    install_packages $wanted
    command -v "${PYTHON:-python3}" >/dev/null || install_packages python3
    on_debian=yes
else
    on_debian=no
fi

# --- the interpreter and .venv ----------------------------------------------------------------------------------------

python=$(find_python)
[ -n "$python" ] || die "Python 3.11 or newer is needed; '${PYTHON:-python3}' is $("${PYTHON:-python3}" --version 2>&1 || true). \
Install a newer one and name it: make run PYTHON=/path/to/python3.11"

# The stamp is written last, so that an interrupted installation is done again. It names the lock and the interpreter.
fingerprint() {
    { cat "$1"; "$python" --version; } | cksum
}
stamp_is_good() {
    [ -x $venv/bin/python ] && [ -f "$venv/.installed-$1" ] &&
        [ "$(cat "$venv/.installed-$1")" = "$(fingerprint "requirements/$1.txt")" ]
}

# What the tests need contains what the program needs.
name=$(basename "$lock" .txt)
if stamp_is_good "$name" || { [ "$name" = app ] && stamp_is_good dev; }; then
    ready=yes
else
    ready=no
fi

if [ $ready = no ]; then
    # Debian packs venv's ensurepip apart; another Python has its own.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        [ $on_debian = yes ] || die "this Python has no venv module"
        install_packages python3-venv
        "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages "$(basename "$("$python" -c \
            'import sys; print("python%d.%d" % sys.version_info[:2])')")-venv"
    fi
    version='import sys; print(sys.version_info[:2])'
    if ! $venv/bin/python -m pip --version >/dev/null 2>&1 ||
        [ "$($venv/bin/python -c "$version")" != "$("$python" -c "$version")" ]; then
        say "Making $venv with $("$python" --version)"
        "$python" -m venv --clear $venv
    fi
    say "Installing the locked dependencies of $lock"
    $venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r "$lock" ||
        die "the dependencies could not be installed (is there a network?); run the same command again to go on"
    fingerprint "$lock" >"$venv/.installed-$name"
fi

# --- what PyInstaller needs besides ----------------------------------------------------------------------------------

# Debian keeps the shared libpython apart; Pythons built without one (or with their own) need nothing.
if [ "$purpose" = package ] && [ $on_debian = yes ]; then
    case $("$python" -c 'import os, sys; print(os.path.realpath(sys.base_prefix))') in
        /usr) install_packages "lib$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')" ;;
    esac
fi
