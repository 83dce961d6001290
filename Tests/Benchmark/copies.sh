# shellcheck shell=bash disable=SC2154 # To be sourced by run, which sets undo.
# Copies of the stack's services with another configuration. The stack's own services and configuration stay as they are.

copies=()

free_ports() {
    python3 -c 'import socket; s = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]; print(*(x.getsockname()[1] for x in s))'
}

# start_copy FOLDER SERVICE PORT VARIABLE=VALUE...: with the executable and environment of the stack's own, and the configuration in FOLDER.
start_copy() {
    local process environment
    process=$(process_of "$2")
    mapfile -d '' environment <"/proc/$process/environ"
    env -i "${environment[@]}" "YAML_CONFIG_FILE=$1/f7t-api-config.yaml" "GOLDCREST_LISTEN=127.0.0.1:$3" GOLDCREST_ADMIN_LISTEN= "${@:4}" \
        "$(readlink -- "/proc/$process/exe")" serve >"$1/$2.log" 2>&1 &
    copies+=("$!")
}

# await_copy FOLDER ADDRESS
await_copy() {
    local deadline=$((SECONDS + 20))
    until curl -sf -o /dev/null "$2/health/ready"; do
        ((SECONDS < deadline)) || { tail -n 5 "$1"/*.log >&2; fail "a copy of a service did not become ready"; }
        sleep 0.1
    done
}

stop_copies() {
    ((${#copies[@]})) || return 0
    kill -TERM "${copies[@]}" 2>/dev/null
    wait "${copies[@]}" || true
    copies=()
}
