# shellcheck shell=bash
# munge, by which Slurm's commands and daemons tell who is speaking.

munge_start() {
    mkdir -p -m 0700 -- "$STATE/munge"
    mkdir -p -m 0755 -- "$SHARED/munge"
    [[ -s $STATE/munge/key ]] || (umask 077 && openssl rand -out "$STATE/munge/key" 128)
    rm -f -- "$SHARED/munge/socket" "$SHARED/munge/socket.lock"
    # --force: munge would refuse a folder that a group can write to, as many home folders are.
    launch munge munged --foreground --force --num-threads=4 --key-file="$STATE/munge/key" --socket="$SHARED/munge/socket" \
        --pid-file="$STATE/munge/pid" --log-file="$STATE/munge/log" --seed-file="$STATE/munge/seed"
}

munge_ready() { munge --no-input --socket="$SHARED/munge/socket" | unmunge --socket="$SHARED/munge/socket" >/dev/null; }

munge_address() { printf '%s' "$SHARED/munge/socket"; }
