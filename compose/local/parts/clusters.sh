# shellcheck shell=bash
# The systems that the services offer: one file each in the folder that the configuration names.

SYSTEM=cluster-local

# Each Slurm is three systems, one for each way to talk to it: its commands over SSH, slurmrestd, or both.
CONNECTION_MODES=(ssh rest hybrid)

# system_name SYSTEM MODE
system_name() { if [[ $2 == ssh ]]; then printf '%s' "$1"; else printf '%s-%s' "$1" "$2"; fi; }

slurm_systems() {
    local cluster mode names=()
    for cluster in "$SYSTEM" $(further_clusters stack.env); do
        for mode in "${CONNECTION_MODES[@]}"; do
            names+=("$(system_name "$(basename -- "$cluster")" "$mode")")
        done
    done
    printf '%s' "${names[*]}"
}

write_clusters() {
    local cluster
    SSH_KNOWN_HOSTS=$STATE/ssh/known_hosts
    SLURM_VERSION=$(slurm_version)
    SLURMRESTD_URL=$(slurmrestd_address)
    SLURMRESTD_API_VERSION=$(slurm_api_version)
    mkdir -p -m 0700 -- "$STATE/clusters"
    write_systems_of_cluster "$SYSTEM"
    for cluster in $(further_clusters stack.env); do
        # shellcheck source=/dev/null
        (source "$cluster/stack.env" && write_systems_of_cluster "$(basename -- "$cluster")")
    done
}

# write_systems_of_cluster NAME: from these, which a further cluster's stack.env has too: SSH_PORT, SSH_KNOWN_HOSTS, SLURM_VERSION, SLURMRESTD_URL, SLURMRESTD_API_VERSION, HOME_ROOT and SCRATCH.
write_systems_of_cluster() {
    local mode
    for mode in "${CONNECTION_MODES[@]}"; do
        CLUSTER_NAME=$(system_name "$1" "$mode")
        CLUSTER_MODE=$mode
        CLUSTER_REST_API="  api_url: $SLURMRESTD_URL
  api_version: $SLURMRESTD_API_VERSION"
        [[ $mode != ssh ]] || CLUSTER_REST_API='  # Neither api_url nor api_version: slurmrestd is not used.'
        render cluster.yaml.in "$STATE/clusters/$CLUSTER_NAME.yaml" 0600
    done
}
