# shellcheck shell=bash
# The distribution packages of the stack: package, and a file that shows it is there.

# For the login node and Slurm.
CLUSTER_PACKAGES=(
    'openssh-server:/usr/sbin/sshd'
    'openssh-client:/usr/bin/ssh-keygen'
    'munge:/usr/sbin/munged'
    'mariadb-server-core:/usr/sbin/mariadbd'
    'mariadb-client-core:/usr/bin/mariadb'
    'slurmctld:/usr/sbin/slurmctld'
    'slurmd:/usr/sbin/slurmd'
    'slurmdbd:/usr/sbin/slurmdbd'
    'slurmrestd:/usr/sbin/slurmrestd'
    'slurm-client:/usr/bin/sbatch'
    'slurm-wlm-basic-plugins:/usr/lib/*/slurm-wlm/auth_munge.so'
    'slurm-wlm-mysql-plugin:/usr/lib/*/slurm-wlm/accounting_storage_mysql.so'
    'slurm-wlm-jwt-plugin:/usr/lib/*/slurm-wlm/auth_jwt.so'
    'procps:/usr/bin/pgrep'
    'python3:/usr/bin/python3'
    'openssl:/usr/bin/openssl'
    'curl:/usr/bin/curl'
    'file:/usr/bin/file'
)

# For what else there is.
SITE_PACKAGES=(
    'postgresql:/usr/lib/postgresql/*/bin/postgres'
    'ca-certificates:/etc/ssl/certs/ca-certificates.crt'
    'python3-venv:/usr/share/doc/python3-venv'
    'python3-cryptography:/usr/lib/python3/dist-packages/cryptography'
    'python3-jwt:/usr/lib/python3/dist-packages/jwt'
)

# For compiling the services.
BUILD_PACKAGES=(
    'libssh2-1-dev:/usr/include/libssh2.h'
    'libcurl4-openssl-dev:/usr/include/*/curl/curl.h'
    'libpq-dev:/usr/include/postgresql/libpq-fe.h'
    'libssl-dev:/usr/include/openssl/ssl.h'
    'pkg-config:/usr/bin/pkg-config'
)

# The daemons of these packages are not to run: the stack starts its own.
PACKAGE_DAEMONS=(ssh munge slurmctld slurmd slurmdbd slurmrestd postgresql)

missing_packages() {
    local entry
    for entry in "$@"; do
        compgen -G "${entry#*:}" >/dev/null || printf '%s\n' "${entry%%:*}"
    done
}

# install_packages ENTRY...: entries as above
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    is_root || fail "these packages are missing; install them with 'sudo apt-get install --no-install-recommends ${missing[*]}', then run 'up' again"
    command -v apt-get >/dev/null || fail "these packages are missing, and this is not a Debian: ${missing[*]}"
    report packages "installing ${missing[*]}"
    install_without_starting "${missing[@]}" >"$STATE/log/packages.log" 2>&1 || fail_with_log packages "could not be installed"
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} == 0)) || fail_with_log packages "lack ${missing[*]} even after the installation"
}

# Debian starts a daemon as it installs it, unless policy-rc.d (see invoke-rc.d(8)) forbids that, and at every boot unless it is disabled.
install_without_starting() (
    export DEBIAN_FRONTEND=noninteractive
    policy=/usr/sbin/policy-rc.d
    absent_units=()
    for unit in "${PACKAGE_DAEMONS[@]}"; do
        compgen -G "/lib/systemd/system/$unit.service" >/dev/null || absent_units+=("$unit.service")
    done
    if [[ ! -e $policy ]]; then
        trap 'rm -f -- "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 0755 "$policy"
    fi
    apt-get update -qq
    apt-get install -y --no-install-recommends "$@" </dev/null
    for unit in "${absent_units[@]}"; do
        if [[ -e /lib/systemd/system/$unit ]] && command -v systemctl >/dev/null; then
            systemctl disable "$unit" || true
        fi
    done
)
