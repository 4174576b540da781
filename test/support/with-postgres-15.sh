#!/bin/sh
# Runs a command with DATABASE_URL naming a throwaway PostgreSQL 15, from Debian's packages or from POSTGRES_15_BIN.
#   test/support/with-postgres-15.sh npm test
set -eu
bin=${POSTGRES_15_BIN:-/usr/lib/postgresql/15/bin}
if [ ! -x "$bin/initdb" ]; then
  echo "No PostgreSQL 15 in $bin: install postgresql-15, or set POSTGRES_15_BIN" >&2
  exit 2
fi
folder=$(mktemp -d)
as_server=''
if [ "$(id -u)" = 0 ]; then
  as_server='setpriv --reuid=nobody --regid=nogroup --clear-groups'
  chown nobody "$folder"
fi
stop() {
  (cd / && $as_server "$bin/pg_ctl" -D "$folder/data" -m immediate stop) >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
port=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
(
  cd /
  umask 077
  $as_server "$bin/initdb" -D "$folder/data" -U fibbars -A trust -E UTF8 --locale=C >/dev/null
  $as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >/dev/null
) || { cat "$folder/log" >&2; exit 1; }
DATABASE_URL="postgres://fibbars@127.0.0.1:$port/postgres" "$@"
