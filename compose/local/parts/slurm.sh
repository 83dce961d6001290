# shellcheck shell=bash
# Slurm: accounting daemon, controller, one compute node with many pretended CPUs, and the REST daemon.

SLURM_CLUSTER=local
SLURM_ACCOUNTS=(myproject other)
# To see what is refused: an account whose users may submit no job, and a QOS in which each may have one job.
LIMITED_ACCOUNT=limited
LIMITED_QOS=single

write_slurm_configuration() {
    SLURM_USER=$(id -un)
    SLURM_HOST=$(hostname -s)
    MUNGE_SOCKET=$SHARED/munge/socket
    mkdir -p -- "$SHARED/slurm/slurmd" "$STATE/slurmctld"
    chmod 0700 -- "$STATE/slurmctld"
    render slurm.conf.in "$SLURM_CONF"
    render slurmdbd.conf.in "$SHARED/slurm/slurmdbd.conf" 0600
    printf 'CgroupPlugin=%s\n' "$(slurm_cgroup_plugin)" >"$SHARED/slurm/cgroup.conf"
}

# The one that asks for no mounted control groups. `disabled` came with 23.11.
slurm_cgroup_plugin() {
    if slurm_is_at_least 23.11; then echo disabled; else echo cgroup/v1; fi
}

slurm_is_at_least() { [[ $(printf '%s\n' "$1" "$(slurm_version)" | sort -V | head -n 1) == "$1" ]]; }

# Such as 22.05.
slurm_version() { slurmctld -V | sed -E 's/^[^0-9]*([0-9]+\.[0-9]+).*/\1/'; }

# The newest REST API of this Slurm.
slurm_api_version() {
    case $(slurm_version) in
    22.05) echo 0.0.38 ;;
    23.02) echo 0.0.39 ;;
    23.11 | 24.05) echo 0.0.40 ;;
    *) echo 0.0.42 ;;
    esac
}

slurmdbd_start() {
    require_free_port slurmdbd "$SLURMDBD_PORT"
    write_slurm_configuration
    launch slurmdbd env "MYSQL_UNIX_PORT=$SHARED/mariadb.sock" slurmdbd -D
}

slurmdbd_ready() {
    sacctmgr --noheader --parsable2 list associations "cluster=$SLURM_CLUSTER" "account=$LIMITED_ACCOUNT" "user=$FIREUSER" format=maxsubmitjobs |
        grep -qx 0 && return
    create_slurm_accounts
}

# The last step creates what slurmdbd_ready looks for, so an interrupted attempt is made again.
create_slurm_accounts() {
    local users=$FIREUSER account
    local limited=("cluster=$SLURM_CLUSTER" "account=$LIMITED_ACCOUNT")
    [[ $FIRESRV == "$FIREUSER" ]] || users+=,$FIRESRV
    sacctmgr --immediate add cluster "$SLURM_CLUSTER"
    sacctmgr --immediate add qos "$LIMITED_QOS" maxsubmitjobsperuser=1
    for account in "${SLURM_ACCOUNTS[@]}"; do
        sacctmgr --immediate add account "$account" "cluster=$SLURM_CLUSTER" "description=$account" organization=goldcrest
        sacctmgr --immediate add user "$users" "account=$account" "defaultaccount=${SLURM_ACCOUNTS[0]}" "qoslevel=normal,$LIMITED_QOS"
    done
    sacctmgr --immediate add account "${limited[@]}" description=limited organization=goldcrest
    sacctmgr --immediate add user "$users" "${limited[@]}" maxsubmitjobs=0
}

slurmdbd_address() { printf '127.0.0.1:%s' "$SLURMDBD_PORT"; }

slurmctld_start() {
    require_free_port slurmctld "$SLURMCTLD_PORT"
    write_slurm_configuration
    launch slurmctld slurmctld -D
}

slurmctld_ready() { scontrol ping | grep -q ' UP$'; }

slurmctld_address() { printf '127.0.0.1:%s' "$SLURMCTLD_PORT"; }

slurmd_start() {
    require_free_port slurmd "$SLURMD_PORT"
    launch slurmd slurmd -D
}

slurmd_ready() { sinfo --noheader --partition=part01 --states=idle,mixed,allocated --format=%n | grep -q .; }

slurmd_address() { printf '127.0.0.1:%s' "$SLURMD_PORT"; }

# Job steps outlive their slurmd by design, so the jobs are cancelled first and what remains of their steps is ended.
slurmd_before_stop() {
    local deadline=$((SECONDS + 10)) process pid
    timeout 5 "$STATE/slurm-admin" squeue --noheader --format=%A 2>/dev/null | sort -u |
        timeout 10 xargs --no-run-if-empty "$STATE/slurm-admin" scancel --quiet || true
    while [[ -n $(slurm_steps) ]] && ((SECONDS < deadline)); do
        sleep 0.1
    done
    for process in $(slurm_steps); do
        pid=${process#/proc/}
        kill -KILL "$pid" 2>/dev/null || true
    done
}

# Prints /proc/PID of every step of this stack: it reads the very configuration file of this stack, which in another mount
# namespace may have the path of ours without being ours.
slurm_steps() {
    local folder
    for folder in /proc/[0-9]*; do
        if [[ $(cat "$folder/comm" 2>/dev/null) == slurmstepd && $folder/root$SLURM_CONF -ef $SLURM_CONF ]] &&
            tr '\0' '\n' 2>/dev/null <"$folder/environ" | grep -qxF "SLURM_CONF=$SLURM_CONF"; then
            printf '%s\n' "$folder"
        fi
    done
}

# A program that runs its arguments as Slurm's administrator, where this Slurm runs, which may be another root folder.
write_slurm_admin() {
    {
        printf '#!/bin/sh\n'
        if is_root; then
            # shellcheck disable=SC2016
            printf 'exec nsenter --target="$(cut -d" " -f1 %s)" --mount --root env --chdir=/ SLURM_CONF=%s "$@"\n' "$STATE/pid/slurmctld" "$SLURM_CONF"
        else
            printf 'exec env SLURM_CONF=%s "$@"\n' "$SLURM_CONF"
        fi
    } >"$STATE/slurm-admin.new"
    chmod 0700 -- "$STATE/slurm-admin.new"
    mv -- "$STATE/slurm-admin.new" "$STATE/slurm-admin"
}

# slurmrestd refuses root, and Slurm's own user unless disable_user_check is set.
slurmrestd_start() {
    require_free_port slurmrestd "$SLURMRESTD_PORT"
    as_user nobody
    launch slurmrestd env SLURM_JWT=daemon SLURMRESTD_SECURITY=disable_user_check \
        "${AS_USER[@]}" slurmrestd -f "$SLURM_CONF" -a rest_auth/jwt "127.0.0.1:$SLURMRESTD_PORT"
}

slurmrestd_ready() {
    curl --silent --fail --max-time 5 --config - "$(slurmrestd_address)/slurm/v$(slurm_api_version)/ping" <<EOF
header = "X-SLURM-USER-NAME: $FIREUSER"
header = "X-SLURM-USER-TOKEN: $(access_token fireuser)"
EOF
}

slurmrestd_address() { printf 'http://127.0.0.1:%s' "$SLURMRESTD_PORT"; }
