#!/usr/bin/env bash
# A real blog (WordPress) with its feeds, on this machine.
#
#   wordpress.sh [PORT]
#
# When ready: READY and JSON with url, and writer (name, password) who may publish by the REST API. See README.md.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

debian curl wordpress wordpress-theme-twentytwentythree mariadb-server php-cli php-mysql php-xml php-mbstring
open_house wordpress
port=$(port_of "${1:-0}")
PATH=$PATH:/usr/sbin

# The database refuses to run as root, and listens on a socket alone.
as_mysql() {
  if [ "$(id -u)" = 0 ]; then exec setpriv --reuid mysql --regid mysql --init-groups "$@"; else exec "$@"; fi
}
mkdir -m 755 "$house/database"
[ "$(id -u)" != 0 ] || chown mysql "$house/database"
socket=$house/database/socket
( as_mysql mariadb-install-db --no-defaults --datadir="$house/database/data" \
    --auth-root-authentication-method=normal --skip-test-db ) >"$house/install.log" 2>&1 || explain "no database"
database() {  # nothing here outlives the run: no need to wait for the disk
  as_mysql mariadbd --no-defaults --datadir="$house/database/data" --socket="$socket" --skip-networking \
    --pid-file="$house/database/pid" --skip-log-bin --innodb-flush-log-at-trx-commit=0
}
run_in_back database database
until_true 60 mariadb-admin --no-defaults --user=root --socket="$socket" ping
mariadb --no-defaults --user=root --socket="$socket" -e 'CREATE DATABASE blog CHARACTER SET utf8mb4'

# Debian's package links to files elsewhere: a copy of its own.
cp -rL /usr/share/wordpress "$house/blog" 2>/dev/null || [ -f "$house/blog/wp-load.php" ]
cat >"$house/blog/wp-config.php" <<PHP
<?php
define('DB_NAME', 'blog');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$socket');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', 'http://localhost:$port');
define('WP_SITEURL', 'http://localhost:$port');
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without https
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
PHP
writer=$(php -d display_errors=stderr "$here/wordpress/install.php" "$house/blog" 2>"$house/blog.log") || explain "no blog"
blog() {
  PHP_CLI_SERVER_WORKERS=2 php -d display_errors=0 -S "127.0.0.1:$port" -t "$house/blog" "$here/wordpress/route.php"
}
run_in_back blog blog
until_true 60 answers "http://localhost:$port/feed/"
announce "{\"url\":\"http://localhost:$port\",\"writer\":$writer}"
stay
