#!/bin/sh
# Writes the two hash-pinned locks from pyproject.toml, for Linux, macOS and Windows at once.
# Extra arguments go to uv, for instance: sh packaging/lock.sh --upgrade
set -eu
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
export UV_CUSTOM_COMPILE_COMMAND="make lock"

# No address of an index may enter the locks: whoever installs uses their own, and the hashes say what is right.
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links "$@"
}

compile pyproject.toml -o requirements/app.txt
compile pyproject.toml --group pyproject.toml:dev -c requirements/app.txt -o requirements/dev.txt
echo "Written: requirements/app.txt requirements/dev.txt"
