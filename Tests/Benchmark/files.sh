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

# measure_files ROUTE...
measure_files() {
    local route
    echo "| file operation | clients | requests/s | MB/s | p50 ms | p99 ms | failed | filesystem-service's peak memory, MB |"
    echo "|---|---|---|---|---|---|---|---|"
    for route in "$@"; do
        case $route in
        ls-100000*) ;;
        download-* | upload-*) measure_each "$route" 1 4 16 ;;
        *) measure_each "$route" 1 16 64 ;;
        esac
    done
    if [[ $* == *ls-100000* ]]; then measure_large_directory "$@"; fi
    measure_sftp "$@"
}

# measure_each ROUTE CLIENTS...
measure_each() {
    local clients report ops=$files_gateway/filesystem/$SYSTEM/ops peak size=0 arguments=()
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
    for clients in "${@:2}"; do
        forget_peak "$files_process"
        report=$(DIRECTORY=$files_directory/made CONTENT=$files_work/random-$size \
            wrk -t1 -c"$clients" -d"${seconds}s" --timeout 20s --latency -H "$authorization" "${arguments[@]}")
        peak=$(megabytes "$files_process" VmHWM)
        file_row "$1" "$clients" "$size" "$peak" "$report"
        [[ $1 != mkdir* ]] || as_fireuser "rm -rf '$files_directory/made'; mkdir '$files_directory/made'"
    done
}

file_row() {
    python3 - "$@" <<PYTHON
import sys
$REPORT
route, clients, size, peak, report = sys.argv[1:]
found = read_report(report)
throughput = f"{found.rate * int(size) * 1.048576:,.0f}" if int(size) else "–"
print(f"| {route} | {clients} | {found.rate:,.1f} | {throughput} | {found.p50} | {found.p99} | {found.failures} | {peak} |")
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

# sftp_batch OPTION...: runs the commands of standard input.
sftp_batch() {
    sftp -F none -i "$state/ssh/$FIREUSER" -P "$SSH_PORT" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none \
        -o "UserKnownHostsFile=$SSH_KNOWN_HOSTS" "$@" -b - "$FIREUSER@$SSH_HOST"
}

# What OpenSSH's sftp makes of the same: as many of them at once as there are clients, each doing one after the other.
measure_sftp() {
    local route size clients
    echo
    echo "| OpenSSH's sftp | at once | commands/s | MB/s |"
    echo "|---|---|---|---|"
    for route in "$@"; do
        size=${route//[!15]/}
        case $route in
        *-exec | ls-100000) ;;
        ls-10) for clients in 1 16; do sftp_row "ls of 10 files" "$clients" 0 "ls -1 $files_directory/ten"; done ;;
        mkdir) for clients in 1 16; do sftp_row "mkdir, rmdir" "$clients" 0 "mkdir $files_directory/made/@" "rmdir $files_directory/made/@"; done ;;
        download-*) for clients in 1 4 16; do sftp_row "get of $size MiB" "$clients" "$size" "get $files_directory/random-$size /dev/null"; done ;;
        upload-*) for clients in 1 4 16; do sftp_row "put of $size MiB" "$clients" "$size" "put $files_work/random-$size $files_directory/sent/sftp-@"; done ;;
        esac
    done
}

# sftp_row TITLE CLIENTS MEBIBYTES COMMAND...: in the commands @ is the client's number. Logins are not counted.
sftp_row() {
    local title=$1 clients=$2 size=$3 client folder before began peers=() deadline
    shift 3
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
    sleep "$seconds"
    awk -v before="$before" -v after="$(commands_done "$folder")" -v began="$began" -v ended="$EPOCHREALTIME" -v size="$size" -v title="$title" \
        -v clients="$clients" 'BEGIN {
            rate = (after - before) / (ended - began)
            printf "| %s | %d | %.1f | %s |\n", title, clients, rate, size ? sprintf("%.0f", rate * size * 1.048576) : "–"
        }'
    kill -TERM "${peers[@]}" 2>/dev/null || true
    wait "${peers[@]}" 2>/dev/null || true
    rm -rf -- "$folder"
}

# Each command stands in the output before it is done.
commands_done() { cat -- "$1"/[0-9]* | grep -c '^sftp> '; }
