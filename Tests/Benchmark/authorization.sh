# shellcheck shell=bash disable=SC2154 # To be sourced by run, which sets state, seconds, authorization, undo and the like, behind copies.sh.
# What it costs to be asked who may use a system: two copies of the gateway, one that lets everybody in and one with the gateway's own
# evaluator, measured in turns, so that whatever else this machine does meets both alike.

authorization_rounds=5

# prepare_authorization: sets authorization_work, free_gateway, asking_gateway.
prepare_authorization() {
    local ports
    command -v psql >/dev/null || fail "psql is missing: apt-get install postgresql-client"
    authorization_work=$(mktemp -d)
    undo+=(remove_authorization)
    psql -qX "$DATABASE_URL" -c 'CREATE SCHEMA goldcrest_benchmark'
    read -r -a ports < <(free_ports)
    free_gateway=http://127.0.0.1:${ports[0]} asking_gateway=http://127.0.0.1:${ports[1]}
    write_authorization_copy free
    write_authorization_copy asking "  authorization:
    rebac: {model: model.fga, tuples: tuples.yaml}
    user: {groups: {claim: groups}}"
    write_relationships >"$authorization_work/asking/tuples.yaml"
    start_copy "$authorization_work/free" auth-gateway "${ports[0]}"
    start_copy "$authorization_work/asking" auth-gateway "${ports[1]}" "DATABASE_URL=$DATABASE_URL?options=-csearch_path%3Dgoldcrest_benchmark"
    await_copy "$authorization_work/free" "$free_gateway"
    await_copy "$authorization_work/asking" "$asking_gateway"
}

# write_authorization_copy NAME SECTION: the stack's configuration with another section auth.authorization.
write_authorization_copy() {
    local folder=$authorization_work/$1
    mkdir -- "$folder"
    ln -s -- "$(dirname -- "$YAML_CONFIG_FILE")/clusters" "$folder/clusters"
    {
        sed -n '1,/^auth:$/p' "$YAML_CONFIG_FILE"
        printf '%s\n' "${2:-}"
        sed '1,/^auth:$/d' "$YAML_CONFIG_FILE" | awk '/^  [a-z]/ { skipped = $1 == "authorization:" } /^[a-z]/ { skipped = 0 } !skipped'
    } >"$folder/f7t-api-config.yaml"
    cat >"$folder/model.fga" <<'MODEL'
model
  schema 1.1
type user
type group
  relations
    define member: [user, group#member]
type site
  relations
    define member: [user, group#member]
type vcluster
  relations
    define site: [site]
    define banned: [user]
    define member: ([user, group#member] or member from site) but not banned
MODEL
}

# The user reaches the system over a group in a group; beside these are as many groups, users and systems as a site may have.
write_relationships() {
    local number
    printf -- '- {user: "%s", relation: %s, object: "%s"}\n' \
        "user:$FIREUSER" member group:team "group:team#member" member group:staff "group:staff#member" member site:here site:here site "vcluster:$SYSTEM"
    for ((number = 0; number < 2000; number++)); do
        printf -- '- {user: "user:u%d", relation: member, object: "group:g%d"}\n' "$number" "$((number % 100))"
    done
    for ((number = 0; number < 100; number++)); do
        printf -- '- {user: "group:g%d#member", relation: member, object: "vcluster:s%d"}\n' "$number" "$((number % 10))"
    done
}

remove_authorization() {
    stop_copies
    psql -qX "$DATABASE_URL" -c 'DROP SCHEMA IF EXISTS goldcrest_benchmark CASCADE' 2>/dev/null
    rm -rf -- "$authorization_work"
}

# authorized_rate GATEWAY CLIENTS: prints requests/s, p50 and p99 in ms, and what failed.
authorized_rate() {
    wrk -t1 -c"$2" -d"${seconds}s" --timeout 20s --latency -H "$authorization" "$1/status/$SYSTEM/nodes" | python3 -c "$REPORT
import sys
found = read_report(sys.stdin.read())
print(found.rate, found.p50, found.p99, found.failures)"
}

measure_authorization() {
    local clients round
    echo "| GET /status/$SYSTEM/nodes, median of $authorization_rounds turns | clients | requests/s | p50 ms | p99 ms | failed | throughput lost |"
    echo "|---|---|---|---|---|---|---|"
    for gateway in "$free_gateway" "$asking_gateway"; do
        wrk -t1 -c16 -d3s -H "$authorization" "$gateway/status/$SYSTEM/nodes" >/dev/null
    done
    for clients in 1 16 64; do
        for ((round = 0; round < authorization_rounds; round++)); do
            printf 'free %s\n' "$(authorized_rate "$free_gateway" "$clients")"
            printf 'asking %s\n' "$(authorized_rate "$asking_gateway" "$clients")"
        done | authorization_rows "$clients"
    done
}

# authorization_rows CLIENTS: prints two rows from the turns on standard input.
authorization_rows() {
    python3 -c '
import statistics, sys
turns = {"free": [], "asking": []}
for line in sys.stdin:
    name, *numbers = line.split()
    turns[name].append([float(number) for number in numbers])
medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in turns.items()}
without = medians["free"][0]
for name, label in (("free", "authorization: none"), ("asking", "authorization: rebac")):
    rate, p50, p99, _ = medians[name]
    failed = int(sum(row[3] for row in turns[name]))
    loss = f"{100 * (1 - rate / without):.1f} %" if name == "asking" else ""
    print(f"| {label} | {sys.argv[1]} | {rate:,.1f} | {p50:.2f} | {p99:.2f} | {failed} | {loss} |")
' "$1"
}
