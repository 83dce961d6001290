# shellcheck shell=bash disable=SC2154 # To be sourced by run, which sets state and undo, behind copies.sh.
# Users of the cluster, each with a job of their own; and, as their keys must be known to the services, copies of the gateway and
# compute-service that know them. The stack's own services and configuration stay as they are.

user_comment='Goldcrest benchmark user'

# add_users N: sets work, users_gateway, users_compute, users_compute_process.
add_users() {
    [[ $EUID -eq 0 ]] || fail "--users needs root, as it adds users to this machine"
    work=$(mktemp -d)
    undo+=(remove_work)
    mapfile -t names < <(seq --format='bench%02.0f' 1 "$1")
    say "Adding the users ${names[0]} to ${names[-1]}"
    undo+=(remove_users)
    add_accounts
    let_them_log_in
    give_them_tokens
    give_each_a_job
    start_copies
}

remove_work() { rm -rf -- "$work"; }

# On the system where the cluster runs, which may be another root folder.
add_accounts() {
    local name
    for name in "${names[@]}"; do
        if "$SLURM_ADMIN" id "$name" >/dev/null 2>&1; then
            is_benchmark_user "$name" || fail "there is a user $name already"
        else
            "$SLURM_ADMIN" useradd --no-create-home --home-dir / --no-user-group --gid nogroup --shell /bin/bash \
                --comment "$user_comment" --password '*' "$name"
        fi
    done
    "$SLURM_ADMIN" sacctmgr --quiet --immediate add user "$(comma_separated)" "account=${SLURM_ACCOUNTS%% *}" >/dev/null
}

is_benchmark_user() { [[ $("$SLURM_ADMIN" getent passwd "$1" | cut -d: -f5) == "$user_comment" ]]; }

comma_separated() { (IFS=,; printf '%s' "${names[*]}"); }

let_them_log_in() {
    local name
    ssh-keygen -q -t ed25519 -N '' -C "$user_comment" -f "$work/key"
    for name in "${names[@]}"; do
        install -m 0644 -- "$work/key.pub" "$SSH_AUTHORIZED_KEYS/$name"
    done
    printf 'AllowUsers %s\n' "${names[*]}" >"$SSHD_CONFIG_FOLDER/benchmark.conf"
    kill -HUP "$(<"$SSHD_PID_FILE")"
}

# change_clients PYTHON: runs it on the issuer's clients, which the issuer reads anew for each token.
change_clients() {
    python3 - "$OIDC_CLIENTS_FILE" "$work/key" "${names[@]}" <<PYTHON
import json, os, pathlib, secrets, sys
file, names = pathlib.Path(sys.argv[1]), sys.argv[3:]
clients = json.loads(file.read_text())
$1
new = file.with_suffix(".new")
new.touch(mode=0o600)
new.write_text(json.dumps(clients, indent=2) + "\n")
os.replace(new, file)
PYTHON
}

give_them_tokens() {
    local name secret
    secret=$(openssl rand -hex 24)
    change_clients "clients |= {name: {'secret': '$secret', 'username': name} for name in names}"
    for name in "${names[@]}"; do
        access_token "$name" "$secret"
    done >"$work/tokens"
}

give_each_a_job() {
    local name
    for name in "${names[@]}"; do
        "$SLURM_ADMIN" sbatch --quiet --hold --uid="$name" --chdir=/ --output=/dev/null --wrap=true
    done
}

start_copies() {
    local compute_port gateway_port
    {
        sed '/^  keys:$/q' "$YAML_CONFIG_FILE"
        printf "    %s:\n      private_key: secret_file:$work/key\n" "${names[@]}"
        sed '1,/^  keys:$/d' "$YAML_CONFIG_FILE"
    } >"$work/f7t-api-config.yaml"
    ln -s -- "$(dirname -- "$YAML_CONFIG_FILE")/clusters" "$work/clusters"
    read -r compute_port gateway_port < <(free_ports)
    users_compute=http://127.0.0.1:$compute_port users_gateway=http://127.0.0.1:$gateway_port
    start_copy "$work" compute-service "$compute_port"
    users_compute_process=$!
    start_copy "$work" auth-gateway "$gateway_port" "GOLDCREST_COMPUTE_URL=$users_compute"
    await_copy "$work" "$users_compute"
    await_copy "$work" "$users_gateway"
}

remove_users() {
    local name deadline=$((SECONDS + 20))
    stop_copies
    change_clients "clients = {name: client for name, client in clients.items() if name not in names}"
    "$SLURM_ADMIN" squeue --noheader --user="$(comma_separated)" --format=%A | xargs --no-run-if-empty "$SLURM_ADMIN" scancel --quiet || true
    "$SLURM_ADMIN" sacctmgr --quiet --immediate delete user "$(comma_separated)" >/dev/null || true
    rm -f -- "$SSHD_CONFIG_FOLDER/benchmark.conf" "${names[@]/#/$SSH_AUTHORIZED_KEYS/}"
    kill -HUP "$(<"$SSHD_PID_FILE")"
    for name in "${names[@]}"; do
        is_benchmark_user "$name" || continue
        # Their sessions end with the connections of the copies.
        while pgrep -u "$("$SLURM_ADMIN" id -u "$name")" >/dev/null && ((SECONDS < deadline)); do sleep 0.1; done
        "$SLURM_ADMIN" userdel "$name" || return 1
    done
}
