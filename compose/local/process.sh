# shellcheck shell=bash
# Starting, watching and stopping the parts' processes. To be sourced by stack.sh.
#
# A part is a file in parts/ with functions named after it ('-' written '_'): NAME_start prepares and launches it,
# NAME_ready says whether it serves, NAME_address where. Optional: NAME_is_outdated says that what runs is not what would be
# started now; NAME_before_stop does what must be done before the process gets its TERM; NAME_stop_deadline prints the seconds
# that it then has until KILL.

START_DEADLINE=${START_DEADLINE:-60}

# Whether part $1 has function $2.
has() { declare -F "$(function_of "$1" "$2")" >/dev/null; }

function_of() { printf '%s_%s' "${1//-/_}" "$2"; }

# When the process $1 started, in clock ticks since boot: with the pid it names one process for good.
start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    # shellcheck disable=SC2086
    set -- $stat
    [[ $1 != Z ]] && printf '%s' "${20}"
}

is_alive() { [[ -n $2 && $(start_time "$1") == "$2" ]]; }

# Prints the pid of part $1 if it runs.
running_pid() {
    local pid='' started=''
    read -r pid started 2>/dev/null <"$STATE/pid/$1" || return 1
    is_alive "$pid" "$started" && printf '%s' "$pid"
}

# launch PART COMMAND...: in a session of its own, so that Ctrl-C on `up` does not reach it.
launch() {
    local part=$1 log=$STATE/log/$1.log
    shift
    [[ -f $log ]] && mv -- "$log" "$log.1"
    setsid "$@" </dev/null >"$log" 2>&1 8>&- 9>&- &
    local pid=$!
    printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$STATE/pid/$part"
}

# start_part PART: starts it unless it runs, and returns when it serves.
start_part() {
    local part=$1 began=$EPOCHREALTIME pid
    if pid=$(running_pid "$part"); then
        if has "$part" is_outdated && "$(function_of "$part" is_outdated)"; then
            report "$part" "is outdated, is started anew"
        elif becomes_ready "$part"; then
            report "$part" "already running (pid $pid)"
            return
        else
            report "$part" "runs but does not answer, is started anew"
        fi
        stop_part "$part"
    elif [[ -e $STATE/pid/$part ]]; then
        report "$part" "had ended by itself (its last log: $STATE/log/$part.log.1)"
    fi
    "$(function_of "$part" start)"
    await "$part" "$(function_of "$part" ready)"
    report "$part" "$(printf 'ready in %.1f s, %s' "$(seconds_since "$began")" "$("$(function_of "$part" address)")")"
}

# A part found running may still be on its way, when the `up` that started it was interrupted.
becomes_ready() {
    local deadline=$((SECONDS + 15))
    until "$(function_of "$1" ready)" >/dev/null 2>&1; do
        running_pid "$1" >/dev/null && ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# await PART FUNCTION: polls FUNCTION until it succeeds; fails when PART's process ends or the time is up.
await() {
    local part=$1 deadline=$((SECONDS + START_DEADLINE))
    until "$2" >/dev/null 2>&1; do
        running_pid "$part" >/dev/null || fail_with_log "$part" "stopped by itself"
        ((SECONDS < deadline)) || fail_with_log "$part" "did not become ready within $START_DEADLINE s"
        sleep 0.1
    done
}

fail_with_log() {
    printf '\nerror: %s %s. The end of %s:\n' "$1" "$2" "$STATE/log/$1.log" >&2
    tail -n 20 -- "$STATE/log/$1.log" | sed 's/^/    /' >&2
    exit 1
}

report() { printf '  %-19s %s\n' "$1" "$2"; }

seconds_since() { /usr/bin/awk -v now="$EPOCHREALTIME" -v then="$1" 'BEGIN { printf "%.3f", now - then }'; }

# Prints "pid start-time" of every process below pid $1.
descendants() {
    local child
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
        printf '%s %s\n' "$child" "$(start_time "$child")"
        descendants "$child"
    done
}

# stop_part PART: asks the process to end, waits for it, then ends what is left of it and its children.
stop_part() {
    local part=$1 pid started family deadline=30
    if ! pid=$(running_pid "$part"); then
        rm -f -- "$STATE/pid/$part"
        return 1
    fi
    started=$(start_time "$pid")
    if has "$part" before_stop; then
        "$(function_of "$part" before_stop)" || true
    fi
    family=$(descendants "$pid")
    kill -TERM "$pid" 2>/dev/null || true
    if has "$part" stop_deadline; then
        deadline=$("$(function_of "$part" stop_deadline)")
    fi
    end_by_force_after "$deadline" "$pid" "$started"
    while read -r pid started; do
        is_alive "$pid" "$started" && kill -TERM "$pid" 2>/dev/null
    done <<<"$family" || true
    while read -r pid started; do
        [[ -n $pid ]] || continue
        end_by_force_after 5 "$pid" "$started"
    done <<<"$family"
    rm -f -- "$STATE/pid/$part"
}

# end_by_force_after SECONDS PID START_TIME: returns when the process is gone.
end_by_force_after() {
    local deadline=$((SECONDS + $1))
    while is_alive "$2" "$3"; do
        ((SECONDS < deadline)) || kill -KILL "$2" 2>/dev/null || true
        sleep 0.05
    done
}

# require_free_port PART PORT...: fails when something listens there already.
require_free_port() {
    local port
    for port in "${@:2}"; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            fail "$1 cannot start: another program listens on its port $port; end it, or remove $STATE/ports to have new ports chosen"
        fi
    done
}
