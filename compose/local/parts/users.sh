# shellcheck shell=bash
# The demo users. Only root can add them; anyone else is the stack's one user.

DEMO_USER_COMMENT='Goldcrest demo user'

create_users() {
    local user home
    if is_root; then
        for user in "$FIREUSER" "$FIRESRV"; do
            if id "$user" >/dev/null 2>&1; then
                is_demo_user "$user" || fail "there is a user $user on this machine that 'up' did not add; run it as an ordinary user instead"
                continue
            fi
            # '*' is no password at all; sshd takes the default, '!', for a locked account and refuses every login.
            useradd --create-home --home-dir "/home/$user" --key HOME_MODE=0700 --shell /bin/bash \
                --comment "$DEMO_USER_COMMENT" --password '*' "$user"
            report users "added $user to this machine ('down --purge' removes it)"
        done
    else
        home=$HOME_ROOT/$FIREUSER
        mkdir -p -- "$HOME_ROOT"
        [[ -d $home ]] || mkdir -m 0700 -- "$home"
    fi
}

is_demo_user() { [[ $(getent passwd "$1" | cut -d: -f5) == "$DEMO_USER_COMMENT" ]]; }

remove_users() {
    local user
    is_root || return 0
    # This stack's own sshd has ended by now.
    if pgrep -u root -f 'sshd -D -e -f .*/ssh/sshd_config' >/dev/null; then
        say "kept the demo users: another stack is running"
        return
    fi
    for user in fireuser firesrv; do
        is_demo_user "$user" || continue
        if pgrep -u "$user" >/dev/null; then
            say "kept the user $user: it has running processes"
        else
            userdel --remove "$user" 2>/dev/null
            say "removed the user $user"
        fi
    done
}

# Sets the array AS_USER to what, put before a command, runs it as the user $1. It replaces itself by the command, so the pid stays.
as_user() {
    AS_USER=()
    if is_root; then
        AS_USER=(setpriv "--reuid=$1" "--regid=$(id -g "$1")" --init-groups --)
    fi
}
