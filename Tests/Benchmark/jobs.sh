# shellcheck shell=bash disable=SC2154 # To be sourced by run, which sets state, token and undo.
# Jobs for the scheduler to know, and how long it takes itself to tell of them.

# as_fireuser COMMAND...: on the cluster's login node.
as_fireuser() {
    ssh -F none -i "$state/ssh/$FIREUSER" -p "$SSH_PORT" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none \
        -o "UserKnownHostsFile=$SSH_KNOWN_HOSTS" "$FIREUSER@$SSH_HOST" "$@" </dev/null
}

# hold_jobs N: each a job of its own, not a task of an array, and each in a folder and with a name of its own.
hold_jobs() {
    say "Submitting $1 jobs"
    undo+=(cancel_held_jobs)
    as_fireuser "seq 1 $1 | xargs -P 4 -I@ sbatch --quiet --hold --job-name=held-@ --comment=goldcrest-benchmark --chdir=/ --output=/dev/null --wrap=true"
}

# Those that ended a short time ago count too: slurmctld tells of them for its MinJobAge.
jobs_known() { "$SLURM_ADMIN" squeue --noheader --states=all --format=%A | wc -l; }

# Nothing else of this user has such names.
cancel_held_jobs() {
    as_fireuser "squeue --noheader --me --states=pending --format='%A %j' | sed -n 's/ held-[0-9]*$//p' | xargs --no-run-if-empty -n 200 scancel"
}

# How long the scheduler's own interfaces take to tell what a list of jobs is made of: the limit of what can be reached without sharing.
measure_scheduler() {
    local path
    echo "| what the scheduler itself answers, one after the other | median of 10, ms | kB |"
    echo "|---|---|---|"
    for path in slurm slurmdb; do
        median_of "curl slurmrestd /$path/v$SLURMRESTD_API_VERSION/jobs" ask_slurmrestd "$path"
    done
    median_of "squeue and sacct of one user, without SSH" ask_commands
}

# ask_slurmrestd slurm|slurmdb: prints seconds and bytes.
ask_slurmrestd() {
    curl -sf -o /dev/null -w '%{time_total} %{size_download}\n' --config - "$SLURMRESTD_URL/$1/v$SLURMRESTD_API_VERSION/jobs" <<EOF
header = "X-SLURM-USER-NAME: $FIREUSER"
header = "X-SLURM-USER-TOKEN: $token"
EOF
}

ask_commands() {
    local began=$EPOCHREALTIME bytes
    # shellcheck disable=SC2016 # They are that shell's.
    bytes=$("$SLURM_ADMIN" sh -c 'squeue --all --noheader --states=all --user="$1" --format=%all; sacct --parsable --noheader --user="$1" --starttime=now-168hours --format=ALL' \
        sh "$FIREUSER" | wc -c)
    awk -v now="$EPOCHREALTIME" -v then="$began" -v bytes="$bytes" 'BEGIN { print now - then, bytes }'
}

# median_of TITLE COMMAND...
median_of() {
    local title=$1
    shift
    for _ in {1..10}; do "$@"; done | sort -n |
        awk -v title="$title" '{ time[NR] = $1; bytes = $2 } END { printf "| %s | %.1f | %.0f |\n", title, 500 * (time[5] + time[6]), bytes / 1000 }'
}
