# shellcheck shell=bash
# What `up`, `down` and `status` share: options, the state folder, ports, secrets, templates. To be sourced.

set -euo pipefail
umask 022

LOCAL=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
REPOSITORY=$(cd -- "$LOCAL/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin

INFRASTRUCTURE=(postgresql s3 oidc sshd munge mariadb slurmdbd slurmctld slurmd slurmrestd)
# Of these consists a further cluster.
CLUSTER=(sshd munge mariadb slurmdbd slurmctld slurmd slurmrestd)
SERVICES=(compute-service filesystem-service transfer-service health-checker auth-gateway)

for file in "$LOCAL"/process.sh "$LOCAL"/parts/*.sh; do
    # shellcheck source=/dev/null
    source "$file"
done

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
is_root() { [[ $EUID -eq 0 ]]; }
file_name_safe() { [[ $1 =~ ^[A-Za-z0-9/._+-]+$ ]]; }

# Sets STATE and the folders in it, without creating anything.
open_state() {
    STATE=$(realpath -m -- "${1:-$LOCAL/state}")
    file_name_safe "$STATE" || fail "the path of the state folder, $STATE, has characters that Slurm's configuration cannot hold"
    SECRETS=$STATE/secrets
    MAIN=$(readlink -- "$STATE/main") || MAIN=
    if is_further_cluster; then
        SECRETS=$MAIN/secrets
        INFRASTRUCTURE=("${CLUSTER[@]}")
        SERVICES=()
        PORT_NAMES=(SSH SLURMDBD SLURMCTLD SLURMD SLURMRESTD)
    fi
    # What the demo users and the database's own user must reach. Slurm's and MariaDB's sockets lie in it, so it must be
    # short (108 bytes are a Unix socket's longest path), and munge refuses a socket below a folder that others cannot enter.
    SHARED=$STATE/shared
    if [[ -L $SHARED ]]; then
        SHARED=$(readlink -- "$SHARED")
    elif ((${#SHARED} > 70)) || ! all_can_enter "$STATE"; then
        SHARED=/var/tmp/goldcrest-$EUID-$(cksum <<<"$STATE" | cut -d' ' -f1)
    fi
    export SLURM_CONF=$SHARED/slurm/slurm.conf
    SCRATCH=$SHARED/scratch
    if is_root; then
        FIREUSER=fireuser FIRESRV=firesrv HOME_ROOT=/home
    else
        FIREUSER=$(id -un) FIRESRV=$FIREUSER HOME_ROOT=$SHARED/home
    fi
}

# Whether every existing folder on the way to $1 lets everyone pass.
all_can_enter() {
    local folder=$1 mode
    while [[ $folder != / ]]; do
        if [[ -d $folder ]]; then
            mode=$(stat -c %a -- "$folder")
            ((8#$mode & 1)) || return 1
        fi
        folder=$(dirname -- "$folder")
    done
}

create_state() {
    # 'down --purge' removes the whole folder, so it must not be one that holds anything else.
    if [[ ! -e $STATE/.goldcrest-stack && -n $(ls -A -- "$STATE" 2>/dev/null) ]]; then
        fail "$STATE is not empty and holds no stack; choose another folder"
    fi
    mkdir -p -- "$STATE" "$STATE/log" "$STATE/pid"
    touch -- "$STATE/.goldcrest-stack"
    mkdir -p -m 0700 -- "$SECRETS"
    if [[ $SHARED != "$STATE/shared" ]]; then
        if ! mkdir -m 0755 -- "$SHARED" 2>/dev/null && [[ ! -O $SHARED || -L $SHARED || ! -d $SHARED ]]; then
            fail "$SHARED, needed because not everyone can enter $STATE or its path is too long, belongs to someone else"
        fi
        ln -sfn -- "$SHARED" "$STATE/shared"
    fi
    mkdir -p -m 0755 -- "$SHARED"
    mkdir -p -- "$SHARED/slurm"
    if [[ ! -d $SCRATCH ]]; then
        mkdir -m 1777 -- "$SCRATCH"
        chmod 1777 -- "$SCRATCH"
    fi
    exec 9>"$STATE/lock"
    flock --nonblock 9 || fail "another 'up' or 'down' is at work on $STATE"
}

# Whether the stack of this state folder is only a further cluster of another one, MAIN.
is_further_cluster() { [[ -n $MAIN ]]; }

# further_clusters FILE: the state folders of the further clusters of this stack, those that have FILE.
further_clusters() { compgen -G "$STATE/further/*/$1" | sed 's|/[^/]*$||' || true; }

# become_cluster_of MAIN STATE
become_cluster_of() {
    local main
    main=$(realpath -m -- "$1")
    [[ -s $main/stack.env ]] || fail "there is no stack in $main"
    [[ $(realpath -m -- "$2") == "$main"/further/?* ]] || fail "the state folder of a further cluster lies in $main/further"
    mkdir -p -- "$2"
    touch -- "$2/.goldcrest-stack"
    ln -sfn -- "$main" "$2/main"
}

# What a further cluster has from its main stack: the users' keys, their certificate authority, and the public keys of the tokens.
take_over_from_main() {
    local name
    mkdir -p -m 0700 -- "$STATE/ssh"
    for name in "$FIREUSER" "$FIRESRV" user_ca; do
        cp -p -- "$MAIN/ssh/$name" "$MAIN/ssh/$name.pub" "$STATE/ssh/"
    done
    cp -p -- "$MAIN/shared/slurm/jwks.json" "$SHARED/slurm/"
}

# Ports are chosen once and remembered, so that addresses outlive a restart. They lie below the range from which the kernel
# takes the ports of outgoing connections; a remembered port could otherwise be taken by one of those.
PORT_NAMES=(
    POSTGRES OIDC SSH SLURMDBD SLURMCTLD SLURMD SLURMRESTD
    S3 S3_GRPC S3_MASTER S3_MASTER_GRPC S3_VOLUME S3_VOLUME_GRPC S3_FILER S3_FILER_GRPC
    GATEWAY GATEWAY_ADMIN COMPUTE FILESYSTEM TRANSFER HEALTH
)

choose_ports() {
    [[ -s $STATE/ports ]] && return
    /usr/bin/python3 - "${1:-}" "${MAIN:+$MAIN/ports}" "${PORT_NAMES[@]}" >"$STATE/ports.new" <<'PYTHON'
import random, socket, sys

base, others, names = sys.argv[1], sys.argv[2], sys.argv[3:]
taken = {int(line.partition("=")[2]) for line in open(others)} if others else set()
candidates = range(int(base), int(base) + len(names)) if base else random.sample(sorted(set(range(20000, 32000)) - taken), 2000)
held = []
for port in candidates:
    if len(held) == len(names):
        break
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", port))
        held.append(listener)
    except OSError:
        if base:
            sys.exit(f"error: port {port} is taken; choose another --port-base")
for name, listener in zip(names, held, strict=True):
    print(f"{name}_PORT={listener.getsockname()[1]}")
PYTHON
    mv -- "$STATE/ports.new" "$STATE/ports"
}

read_ports() {
    # shellcheck source=/dev/null
    if is_further_cluster; then source "$MAIN/ports"; fi
    # shellcheck source=/dev/null
    source "$STATE/ports"
}

# secret NAME: a random secret, made at first use, in a file of this user alone. Prints it.
secret() {
    local file=$SECRETS/$1
    [[ -s $file ]] || (umask 077 && openssl rand -hex 24 | tr -d '\n' >"$file.new" && mv -- "$file.new" "$file")
    cat -- "$file"
}

# render TEMPLATE FILE [MODE]: replaces every @NAME@ by the variable of that name. A file that is right already keeps its time.
render() {
    local text name
    text=$(<"$LOCAL/etc/$1")
    while [[ $text =~ @([A-Z][A-Z0-9_]*)@ ]]; do
        name=${BASH_REMATCH[1]}
        text=${text//"@$name@"/"${!name}"}
    done
    [[ ! -f $2 || $text != "$(<"$2")" ]] || return 0
    (umask 077 && printf '%s\n' "$text" >"$2.new")
    chmod "${3:-0644}" -- "$2.new"
    mv -- "$2.new" "$2"
}
