# shellcheck shell=bash
# PostgreSQL, which refuses to run as root.

postgresql_start() {
    local data=$SHARED/postgresql programs password_file
    programs=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
    require_free_port postgresql "$POSTGRES_PORT"
    secret database-password >/dev/null
    as_user "$(database_owner)"
    if [[ ! -s $data/postgresql.conf ]]; then
        rm -rf -- "$data"
        mkdir -m 0700 -- "$data"
        is_root && chown "$(database_owner):" "$data"
        password_file=$(mktemp "$SHARED/password.XXXXXX")
        secret database-password >"$password_file"
        is_root && chown "$(database_owner)" "$password_file"
        (cd "$SHARED" && "${AS_USER[@]}" "$programs/initdb" --pgdata="$data" --username=goldcrest --pwfile="$password_file" \
            --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync) >"$STATE/log/postgresql.log" 2>&1 ||
            { rm -rf -- "$data" "$password_file"; fail_with_log postgresql "could not be set up"; }
        rm -f -- "$password_file"
    fi
    # Nothing here must survive a power cut, hence no fsync.
    launch postgresql "${AS_USER[@]}" "$programs/postgres" -D "$data" -c "port=$POSTGRES_PORT" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c fsync=off -c max_connections=200 -c shared_buffers=32MB
}

database_owner() {
    if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

postgresql_ready() {
    local answer
    answer=$(sql postgres "SELECT count(*) FROM pg_database WHERE datname = 'goldcrest'") || return 1
    [[ $answer == 1 ]] || sql postgres 'CREATE DATABASE goldcrest'
}

sql() {
    PGPASSWORD=$(secret database-password) psql --no-psqlrc -qAt -h 127.0.0.1 -p "$POSTGRES_PORT" -U goldcrest -d "$1" -c "$2" 2>&1
}

# On TERM alone the server would wait for its clients to leave; INT makes it close their connections (postgres(1)).
postgresql_before_stop() { kill -INT "$(running_pid postgresql)"; }

postgresql_address() { printf '127.0.0.1:%s' "$POSTGRES_PORT"; }
