# shellcheck shell=bash
# The login node's OpenSSH server. As root it logs the demo users in, otherwise the user who runs it.

sshd_start() {
    local user users
    require_free_port sshd "$SSH_PORT"
    SSH_SHARED=$SHARED/ssh
    mkdir -p -m 0700 -- "$STATE/ssh" "$STATE/ssh/sshd_config.d"
    mkdir -p -m 0755 -- "$SSH_SHARED" "$SSH_SHARED/authorized_keys"
    is_root && mkdir -p -m 0755 /run/sshd # sshd's privilege separation folder, fixed when it was compiled
    make_ssh_key ed25519 "$STATE/ssh/host_ed25519" 'host key'
    make_ssh_key ecdsa "$STATE/ssh/host_ecdsa" 'host key'
    make_ssh_key ed25519 "$STATE/ssh/user_ca" 'user certificate authority'
    printf '[127.0.0.1]:%s %s\n' "$SSH_PORT" "$(cut -d' ' -f1,2 "$STATE/ssh/host_ed25519.pub")" \
        "$SSH_PORT" "$(cut -d' ' -f1,2 "$STATE/ssh/host_ecdsa.pub")" >"$STATE/ssh/known_hosts"
    users=("$FIREUSER")
    [[ $FIRESRV == "$FIREUSER" ]] || users+=("$FIRESRV")
    for user in "${users[@]}"; do
        make_ssh_key ed25519 "$STATE/ssh/$user" "$user"
        # sshd reads it as the user who logs in.
        install -m 0644 -- "$STATE/ssh/$user.pub" "$SSH_SHARED/authorized_keys/$user"
    done
    SSH_USERS=${users[*]}
    SSH_PENALTIES=
    # Since 9.8 sshd shuts out addresses with failed logins, which tests make on purpose.
    if /usr/sbin/sshd -t -f /dev/null -h "$STATE/ssh/host_ed25519" -o PerSourcePenalties=no >/dev/null 2>&1; then
        SSH_PENALTIES='PerSourcePenalties no'
    fi
    render sshd_config.in "$STATE/ssh/sshd_config"
    launch sshd /usr/sbin/sshd -D -e -f "$STATE/ssh/sshd_config"
}

make_ssh_key() {
    [[ -s $2 && -s $2.pub ]] || { rm -f -- "$2" "$2.pub" && ssh-keygen -q -t "$1" -N '' -C "goldcrest $3" -f "$2"; }
}

sshd_ready() { ssh_as "$FIREUSER" true && ssh_as "$FIRESRV" true; }

# ssh_as USER COMMAND...
ssh_as() {
    ssh -F none -i "$STATE/ssh/$1" -p "$SSH_PORT" -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityAgent=none -o ConnectTimeout=5 \
        -o "UserKnownHostsFile=$STATE/ssh/known_hosts" "$1@127.0.0.1" "${@:2}" </dev/null
}

sshd_address() { printf '127.0.0.1:%s' "$SSH_PORT"; }
