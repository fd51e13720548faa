#!/bin/sh
# Runs a command where it can show a window: here if there is a screen, else in a virtual one.
set -eu
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ] && [ "$(uname -s)" = Linux ]; then
    command -v xvfb-run >/dev/null || { echo "error: no screen (DISPLAY, WAYLAND_DISPLAY) and no xvfb-run" >&2; exit 1; }
    echo "No screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): running in a virtual one, xvfb-run -a." >&2
    # xvfb-run does not hand signals on: `exec` at least leaves no shell of ours between.
    exec xvfb-run -a -s "-screen 0 1600x1000x24" "$@"
fi
exec "$@"
