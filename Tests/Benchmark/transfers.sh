# shellcheck shell=bash disable=SC2154 # To be sourced by run, which sets state, seconds, authorization, undo and the like, behind jobs.sh.
# How many transfers can be asked for: with the cluster's Slurm, and with a sbatch that only says a number, which shows what the services add.
# Nothing waits for the transfers to be done; those that still wait at the end are cancelled.

TRANSFER_ROUTES=(transfer-mv transfer-mv-stub transfer-download transfer-download-stub)

is_transfer_route() { [[ " ${TRANSFER_ROUTES[*]} " == *" $1 "* ]]; }

# prepare_transfers: sets transfers_directory and transfers_stub.
prepare_transfers() {
    transfers_directory=$FIREUSER_HOME/goldcrest-benchmark-transfers
    transfers_stub=$FIREUSER_HOME/goldcrest-benchmark-stub
    undo+=(remove_transfers)
    as_fireuser "rm -rf '$transfers_directory' && mkdir -p '$transfers_directory'"
}

# Their logs are those that are younger than the directory's marker.
remove_transfers() {
    as_fireuser "squeue --noheader --me --format='%A %j' | sed -n 's/ goldcrest-transfer-.*\$//p' | xargs --no-run-if-empty -n 200 scancel
        find ~ -maxdepth 1 -name '.f7t_file_handling_job*' -newer '$transfers_directory/marker' -delete; rm -rf '$transfers_directory'"
}

# measure_transfers ROUTE...
measure_transfers() {
    local route clients
    as_fireuser "touch '$transfers_directory/marker'"
    echo "| transfers asked for | clients | created/s | p50 ms | p99 ms | failed | transfer-service's peak memory, MB |"
    echo "|---|---|---|---|---|---|---|"
    for route in "$@"; do
        [[ $route != *-stub ]] || place_stub
        for clients in 1 16 64; do measure_transfer "$route" "$clients"; done
        [[ $route != *-stub ]] || remove_stub
    done
}

# measure_transfer ROUTE CLIENTS
measure_transfer() {
    local directory=$transfers_directory/$1-$2 operation=${1#transfer-} process report
    operation=${operation%-stub}
    # A file of four parts is made of holes; what is moved are more files than can be in the time.
    case $operation in
    download) as_fireuser "mkdir '$directory' && truncate --size=$((4 * $(maximum_part_size))) '$directory/large'" ;;
    mv) as_fireuser "mkdir '$directory' && cd '$directory' && seq $((500 * seconds)) | xargs touch" ;;
    esac
    process=$(process_of transfer-service)
    forget_peak "$process"
    report=$(DIRECTORY=$directory OPERATION=$operation wrk -t1 -c"$2" -d"${seconds}s" --timeout 20s --latency -H "$authorization" \
        -s "$here/transfer.lua" "$BASE_URL/filesystem/$SYSTEM/transfer/$operation")
    transfer_row "$1" "$2" "$(megabytes "$process" VmHWM)" "$report"
}

# In bytes, as the system is configured, else by default.
maximum_part_size() {
    sed -n 's/^ *max_part_size: *\([0-9]*\).*/\1/p' "$(dirname -- "$YAML_CONFIG_FILE")/clusters/$SYSTEM.yaml" | grep . || echo 2147483648
}

transfer_row() {
    python3 - "$@" <<PYTHON
import sys
$REPORT
route, clients, peak, report = sys.argv[1:]
found = read_report(report)
print(f"| {route} | {clients} | {found.rate:,.1f} | {found.p50} | {found.p99} | {found.failures} | {peak} |")
PYTHON
}

# Bash reads ~/.bashrc also for the commands of sshd.
place_stub() {
    undo+=(remove_stub)
    as_fireuser "mkdir -p '$transfers_stub' && printf '%s\n' '#!/bin/sh' 'cat >/dev/null' 'echo \$((1000000000 + \$\$))' >'$transfers_stub/sbatch' &&
        chmod +x '$transfers_stub/sbatch' && sed -i '1i PATH=$transfers_stub:\$PATH' ~/.bashrc"
    [[ $(as_fireuser 'command -v sbatch') == "$transfers_stub/sbatch" ]] || fail "sbatch cannot be replaced for $FIREUSER: is bash their shell?"
}

remove_stub() { as_fireuser "sed -i '\\|^PATH=$transfers_stub:|d' ~/.bashrc; rm -rf '$transfers_stub'"; }
