# shellcheck shell=bash
# MariaDB, for slurmdbd alone: on a socket, open to the user who runs the stack.

mariadb_start() {
    local data=$STATE/mariadb user
    user=$(id -un)
    MARIADB_SOCKET=$SHARED/mariadb.sock
    if [[ ! -d $data/mysql ]]; then
        rm -rf -- "$data" "$data.new"
        mariadb-install-db --no-defaults --datadir="$data.new" --user="$user" --auth-root-socket-user="$user" \
            --skip-test-db --skip-name-resolve >"$STATE/log/mariadb.log" 2>&1 || fail_with_log mariadb "could not be set up"
        mv -- "$data.new" "$data"
    fi
    launch mariadb mariadbd --no-defaults --datadir="$data" --user="$user" --socket="$MARIADB_SOCKET" --pid-file="$STATE/mariadb.pid" \
        --skip-networking --innodb-buffer-pool-size=64M --innodb-log-file-size=48M --innodb-lock-wait-timeout=900 \
        --innodb-flush-log-at-trx-commit=0
}

mariadb_ready() { mariadb --no-defaults --socket="$SHARED/mariadb.sock" --execute 'SELECT 1' >/dev/null; }

mariadb_address() { printf '%s' "$SHARED/mariadb.sock"; }
