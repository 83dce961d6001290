# shellcheck shell=bash disable=SC2154 # To be sourced by run, which sets state, token, seconds, undo and the like, behind copies.sh.
# File operations by SFTP and by commands, beside OpenSSH's own sftp. They go through copies of the gateway and filesystem-service that know the
# system twice, the second time with commands only, and that list and read more than a request usually may.

FILE_ROUTES=(ls-10 ls-10-exec head head-exec mkdir mkdir-exec download-1 download-1-exec upload-1 upload-1-exec download-5 download-5-exec upload-5 upload-5-exec ls-100000 ls-100000-exec)

# What a request may list or read, in bytes.
FILE_LIMIT=67108864

is_file_route() { [[ " ${FILE_ROUTES[*]} " == *" $1 "* ]]; }

# prepare_files: sets files_work, files_gateway, files_service, files_process and files_directory.
prepare_files() {
    local filesystem_port gateway_port mebibytes
    files_work=$(mktemp -d)
    undo+=(remove_files_work)
    files_directory=$FIREUSER_HOME/goldcrest-benchmark-files
    say "Making files in $files_directory"
    undo+=(remove_files)
    as_fireuser "rm -rf '$files_directory'; mkdir -p '$files_directory'/{ten,made,sent} && cd '$files_directory' &&
        touch ten/file-{0..9} && seq 1000 >lines && for mebibytes in 1 5; do head -c \$((mebibytes * 1048576)) /dev/urandom >random-\$mebibytes; done"
    for mebibytes in 1 5; do head -c $((mebibytes * 1048576)) /dev/urandom >"$files_work/random-$mebibytes"; done
    configure_files
    read -r filesystem_port gateway_port < <(free_ports)
    files_service=http://127.0.0.1:$filesystem_port files_gateway=http://127.0.0.1:$gateway_port
    start_copy "$files_work" filesystem-service "$filesystem_port"
    files_process=$!
    start_copy "$files_work" auth-gateway "$gateway_port" "GOLDCREST_FILESYSTEM_URL=$files_service"
    undo+=(stop_copies)
    await_copy "$files_work" "$files_service"
    await_copy "$files_work" "$files_gateway"
}

configure_files() {
    local original
    original=$(dirname -- "$YAML_CONFIG_FILE")
    cp -- "$YAML_CONFIG_FILE" "$files_work/f7t-api-config.yaml"
    mkdir -- "$files_work/clusters"
    sed "s/^data_operation:\$/&\n  max_ops_file_size: $FILE_LIMIT/" "$original/clusters/$SYSTEM.yaml" >"$files_work/clusters/$SYSTEM.yaml"
    {
        sed "s/^name: .*/name: $SYSTEM-exec/" "$files_work/clusters/$SYSTEM.yaml"
        echo 'file_access: exec'
    } >"$files_work/clusters/$SYSTEM-exec.yaml"
}

remove_files_work() { rm -rf -- "$files_work"; }

remove_files() { as_fireuser "rm -rf '$files_directory'"; }

# measure_files ROUTE...: each beside what OpenSSH's sftp makes of the same, one right after the other, as a machine's speed may change with the
# hour: in turns, as often as there are rounds, which share the time. Rates are means, latencies medians of the rounds.
measure_files() {
    local route
    echo "| file operation | clients | requests/s | MB/s | p50 ms | p99 ms | failed | filesystem-service's peak memory, MB | as many sftp: commands/s | share of that |"
    echo "|---|---|---|---|---|---|---|---|---|---|"
    for route in "$@"; do
        case $route in
        ls-100000*) ;;
        download-* | upload-*) measure_each "$route" 1 4 16 ;;
        *) measure_each "$route" 1 16 64 ;;
        esac
    done
    if [[ $* == *ls-100000* ]]; then measure_large_directory "$@"; fi
}

FILE_ROUNDS=3

# measure_each ROUTE CLIENTS...
measure_each() {
    local clients round reports peers peak each=$(((seconds + FILE_ROUNDS - 1) / FILE_ROUNDS)) size=0 ops=$files_gateway/filesystem/$SYSTEM/ops arguments=() commands=()
    [[ $1 != *-exec ]] || ops=$files_gateway/filesystem/$SYSTEM-exec/ops
    [[ $1 != *load-[15]* ]] || size=${1//[!15]/}
    case $1 in
    ls-10*) arguments=("$ops/ls?path=$files_directory/ten") ;;
    head*) arguments=("$ops/head?path=$files_directory/lines") ;;
    stat*) arguments=("$ops/stat?path=$files_directory/lines") ;;
    mkdir*) arguments=(-s "$here/mkdir.lua" "$ops/mkdir") ;;
    download-*) arguments=("$ops/download?path=$files_directory/random-$size") ;;
    upload-*) arguments=(-s "$here/upload.lua" "$ops/upload?path=$files_directory/sent") ;;
    esac
    # In these @ is the client's number.
    case $1 in
    ls-10) commands=("ls -1 $files_directory/ten") ;;
    mkdir) commands=("mkdir $files_directory/made/@" "rmdir $files_directory/made/@") ;;
    download-[15]) commands=("get $files_directory/random-$size /dev/null") ;;
    upload-[15]) commands=("put $files_work/random-$size $files_directory/sent/sftp-@") ;;
    esac
    for clients in "${@:2}"; do
        forget_peak "$files_process"
        reports='' peers=''
        for ((round = 0; round < FILE_ROUNDS; round++)); do
            reports+=$(DIRECTORY=$files_directory/made CONTENT=$files_work/random-$size \
                wrk -t1 -c"$clients" -d"${each}s" --timeout 20s --latency -H "$authorization" "${arguments[@]}")$'\f'
            [[ $1 != mkdir* ]] || as_fireuser "rm -rf '$files_directory/made'; mkdir '$files_directory/made'"
            # More of them do hardly anything but log in.
            if ((${#commands[@]} && clients <= 16)); then peers+="$(sftp_rate "$each" "$clients" "${commands[@]}") "; fi
        done
        peak=$(megabytes "$files_process" VmHWM)
        file_row "$1" "$clients" "$size" "$peak" "$reports" "$peers"
    done
}

file_row() {
    python3 - "$@" <<PYTHON
import sys
from statistics import mean, median
$REPORT
route, clients, size, peak, reports, peers = sys.argv[1:]
found = [read_report(report) for report in reports.split("\f") if report]
rate, peers = mean(report.rate for report in found), [float(peer) for peer in peers.split()]
throughput = f"{rate * int(size) * 1.048576:,.0f}" if int(size) else "–"
def middle(latencies):
    known = [float(latency) for latency in latencies if latency != "–"]
    return f"{median(known):.2f}" if known else "–"
peer, share = (f"{mean(peers):,.1f}", f"{rate / mean(peers):.0%}") if peers else ("–", "–")
print(f"| {route} | {clients} | {rate:,.1f} | {throughput} | {middle(report.p50 for report in found)} | {middle(report.p99 for report in found)} | {sum(report.failures for report in found)} | {peak} | {peer} | {share} |")
PYTHON
}

# One at a time: how long until the answer is whole.
measure_large_directory() {
    local route system peak
    as_fireuser "mkdir '$files_directory/large' && cd '$files_directory/large' && seq -f 'file-%06.0f' 1 100000 | xargs touch"
    echo
    echo "| 100,000 files in a directory | median of 5, s | filesystem-service's peak memory, MB |"
    echo "|---|---|---|"
    for route in "$@"; do
        [[ $route == ls-100000* ]] || continue
        system=$SYSTEM
        [[ $route != *-exec ]] || system=$SYSTEM-exec
        forget_peak "$files_process"
        median_seconds "$route" curl -sf -o /dev/null -H "$authorization" "$files_gateway/filesystem/$system/ops/ls?path=$files_directory/large"
        peak=$(megabytes "$files_process" VmHWM)
        echo " $peak |"
    done
    median_seconds "sftp, ls -l, login and all" list_by_sftp
    echo " – |"
}

list_by_sftp() { sftp_batch <<<"ls -ln $files_directory/large" >/dev/null; }

# median_seconds TITLE COMMAND...: prints a row without its last column.
median_seconds() {
    local title=$1 began
    shift
    for _ in {1..5}; do
        began=$EPOCHREALTIME
        "$@" || fail "$title failed"
        awk -v now="$EPOCHREALTIME" -v then="$began" 'BEGIN { print now - then }'
    done | sort -n | awk -v title="$title" 'NR == 3 { printf "| %s | %.2f |", title, $1 }'
}

# Runs the commands of standard input.
sftp_batch() {
    sftp -F none -i "$state/ssh/$FIREUSER" -P "$SSH_PORT" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none \
        -o "UserKnownHostsFile=$SSH_KNOWN_HOSTS" -b - "$FIREUSER@$SSH_HOST"
}

# sftp_rate SECONDS CLIENTS COMMAND...: how many of the commands so many sftp do in a second, each one after the other. Logins are not counted.
sftp_rate() {
    local time=$1 clients=$2 client folder before began peers=() deadline
    shift 2
    folder=$(mktemp -d -- "$files_work/sftp.XXXXXX")
    for ((client = 0; client < clients; client++)); do
        # They wait for each other, as those at work slow down the logins of the rest. Standard output by the line, as the last ones would be lost
        # otherwise.
        { echo pwd; until [[ -e $folder/all-are-there ]]; do sleep 0.1; done; yes "$(printf '%s\n' "${@//@/$client}")"; } | stdbuf -oL sftp -q -F none -i "$state/ssh/$FIREUSER" -P "$SSH_PORT" -o BatchMode=yes \
            -o IdentitiesOnly=yes -o IdentityAgent=none -o "UserKnownHostsFile=$SSH_KNOWN_HOSTS" -b - "$FIREUSER@$SSH_HOST" \
            >"$folder/$client" 2>"$folder/errors" &
        peers+=("$!") deadline=$((SECONDS + 60))
        until [[ -s $folder/$client ]]; do
            ((SECONDS < deadline)) || { cat -- "$folder/errors" >&2; fail "sftp does not start"; }
            sleep 0.02
        done
    done
    touch -- "$folder/all-are-there"
    sleep 0.2
    before=$(commands_done "$folder") began=$EPOCHREALTIME
    sleep "$time"
    awk -v before="$before" -v after="$(commands_done "$folder")" -v began="$began" -v ended="$EPOCHREALTIME" \
        'BEGIN { printf "%.1f", (after - before) / (ended - began) }'
    kill -TERM "${peers[@]}" 2>/dev/null || true
    wait "${peers[@]}" 2>/dev/null || true
    rm -rf -- "$folder"
}

# Each command stands in the output before it is done.
commands_done() { cat -- "$1"/[0-9]* | grep -c '^sftp> '; }
