# shellcheck shell=bash
# stack.env: everything that a client or a test of the stack needs to know, as shell assignments.

write_stack_env() {
    (
        umask 077
        {
            is_further_cluster || site_environment
            cluster_environment
        } >"$STATE/stack.env.new"
    )
    mv -- "$STATE/stack.env.new" "$STATE/stack.env"
}

site_environment() {
    line SYSTEM "$SYSTEM"
    line SLURM_SYSTEMS "$(slurm_systems)"
    line FURTHER_CLUSTERS "$STATE/further"
    line BASE_URL "$(auth_gateway_address)"
    line GATEWAY_ADMIN_URL "http://127.0.0.1:$GATEWAY_ADMIN_PORT"
    line GATEWAY_ADMIN_TOKEN_FILE "$SECRETS/admin-token"
    line COMPUTE_URL "$(compute_service_address)"
    line FILESYSTEM_URL "$(filesystem_service_address)"
    line TRANSFER_URL "$(transfer_service_address)"
    line HEALTH_URL "$(health_checker_address)"
    line YAML_CONFIG_FILE "$STATE/f7t-api-config.yaml"
    line GOLDCREST_KEYS "$STATE/keys"
    line LOGS "$STATE/log"
    line PIDS "$STATE/pid"
    line ISSUER_URL "$(oidc_address)"
    line TOKEN_URL "$(oidc_address)/token"
    line JWKS_URL "$(oidc_address)/jwks"
    line OIDC_CLIENTS_FILE "$STATE/oidc/clients.json"
    line OIDC_SIGNING_KEY "$STATE/oidc/signing-key.pem"
    line FIREUSER "$FIREUSER"
    line FIREUSER_CLIENT_ID fireuser
    line FIREUSER_CLIENT_SECRET "$(secret fireuser-client-secret)"
    line FIREUSER_HOME "$HOME_ROOT/$FIREUSER"
    line FIRESRV "$FIRESRV"
    line FIRESRV_CLIENT_ID firesrv
    line FIRESRV_CLIENT_SECRET "$(secret firesrv-client-secret)"
    line FIRESRV_HOME "$HOME_ROOT/$FIRESRV"
    line SSH_KEY_FIREUSER "$STATE/ssh/$FIREUSER"
    line SSH_KEY_FIRESRV "$STATE/ssh/$FIRESRV"
    line SSH_USER_CA_KEY "$STATE/ssh/user_ca"
    line DATABASE_URL "$(database_url)"
    line S3_URL "$(s3_address)"
    line S3_REGION "$S3_REGION"
    line S3_ACCESS_KEY "$S3_ACCESS_KEY"
    line S3_SECRET_KEY "$(secret s3-secret-key)"
}

# What a further cluster has of its own.
cluster_environment() {
    line SSH_HOST 127.0.0.1
    line SSH_PORT "$SSH_PORT"
    line SSH_KNOWN_HOSTS "$STATE/ssh/known_hosts"
    line SSH_AUTHORIZED_KEYS "$SHARED/ssh/authorized_keys"
    line SSHD_PID_FILE "$STATE/ssh/sshd.pid"
    line SSHD_CONFIG_FOLDER "$STATE/ssh/sshd_config.d"
    line HOME_ROOT "$HOME_ROOT"
    line SCRATCH "$SCRATCH"
    line SLURM_CONF "$SLURM_CONF"
    line SLURM_ADMIN "$STATE/slurm-admin"
    line SLURM_ACCOUNTS "${SLURM_ACCOUNTS[*]}"
    line LIMITED_ACCOUNT "$LIMITED_ACCOUNT"
    line LIMITED_QOS "$LIMITED_QOS"
    line SLURM_VERSION "$(slurm_version)"
    line SLURMRESTD_URL "$(slurmrestd_address)"
    line SLURMRESTD_API_VERSION "$(slurm_api_version)"
}

line() {
    [[ $2 != *\'* ]] || fail "a single quote in $1: $2"
    printf "%s='%s'\n" "$1" "$2"
}
