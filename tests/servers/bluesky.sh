#!/usr/bin/env bash
# A real Bluesky data server (PDS) with its DID directory, and with `network` also the AppView, on 127.0.0.1.
#
#   bluesky.sh [pds|network] [PORT]
#
#   pds      accounts, sessions, app passwords, records, blobs
#   network  (default) also notifications, threads, profiles, picture thumbnails; needs PostgreSQL and Redis
#
# When ready: READY and JSON with url, process_url, appview_url, switch, accounts.alice and .bob (handle, did,
# password, app_password). While a file named by `switch` exists, the data server is off. See README.md.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

mode=network
case ${1:-} in pds | network) mode=$1; shift ;; esac
debian curl python3
[ "$mode" = pds ] || debian postgresql redis-server
with_npm_packages bluesky
open_house bluesky
port=${1:-0}
[ "$port" != 0 ] || port=$(free_pair)

export NODE_ENV=test LOG_ENABLED=false TMPDIR=$house NODE_COMPILE_CACHE=$cache/compiled

# as_postgres COMMAND...: the database refuses to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then exec setpriv --reuid postgres --regid postgres --init-groups "$@"; else exec "$@"; fi
}

if [ "$mode" = network ]; then
  programs=$(dirname "$(find /usr/lib/postgresql -path '*/bin/postgres' | sort -V | tail -n 1)")
  mkdir -m 755 "$house/postgres"
  [ "$(id -u)" != 0 ] || chown postgres: "$house/postgres"
  ( as_postgres "$programs/initdb" --pgdata="$house/postgres/data" --username=test --auth=trust --encoding=UTF8 \
      --locale=C.UTF-8 --no-sync ) >"$house/initdb.log" 2>&1 || explain "initdb failed"
  postgres_port=$(port_of 0)
  database() {  # nothing here outlives the run: no need to wait for the disk
    as_postgres "$programs/postgres" -D "$house/postgres/data" -p "$postgres_port" \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories="$house/postgres" -c max_connections=200 \
      -c fsync=off -c full_page_writes=off -c synchronous_commit=off
  }
  run_in_back postgres database
  until_true 60 "$programs/pg_isready" --quiet --host=127.0.0.1 --port="$postgres_port"

  redis_port=$(port_of 0)
  run_in_back redis redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$house"
  until_true 30 redis-cli -h 127.0.0.1 -p "$redis_port" ping

  export DB_POSTGRES_URL=postgresql://test@127.0.0.1:$postgres_port/postgres DB_POSTGRES_SCHEMA=test
  export REDIS_HOST=127.0.0.1:$redis_port
fi

# Beside its packages, where Node looks for them.
once bluesky-files cp "$here/bluesky/network.mjs" "$tree/"
run_in_back bluesky env -C "$tree" node network.mjs "$mode" "$port" "$house/about.json"
until_true 300 test -s "$house/about.json"
announce "$(cat "$house/about.json")"
stay
