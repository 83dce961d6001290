# shellcheck shell=bash
# Goldcrest's five services, and the FirecREST configuration they share.

# build_services release|debug build|no: compiles the services, or takes them as they are. Sets BINARIES.
build_services() {
    local service began=$EPOCHREALTIME flags=(--package-path "$REPOSITORY" --configuration "$1")
    # Nothing but C libraries to install, and 5 MiB less memory for each service.
    [[ $1 != release ]] || flags+=(--static-swift-stdlib)
    command -v swift >/dev/null || fail "there is no Swift toolchain in PATH; install Swift 6.2 or later (https://www.swift.org/install), or use --infrastructure-only"
    if [[ $2 == build ]]; then
        report build "compiling the services ($1), which takes minutes the first time"
        for service in "${SERVICES[@]}"; do
            swift build "${flags[@]}" --product "$service" >"$STATE/log/build.log" 2>&1 ||
                fail_with_log build "of $service failed"
        done
        report build "$(printf 'done in %.0f s' "$(seconds_since "$began")")"
    fi
    BINARIES=$(swift build "${flags[@]}" --show-bin-path)
    for service in "${SERVICES[@]}"; do
        [[ -x $BINARIES/$service ]] || fail "$BINARIES/$service is missing; leave --no-build away to have it built"
    done
}

# write_service_configuration none|rebac: the latter for authorization.
write_service_configuration() {
    secret firesrv-client-secret >/dev/null
    secret s3-secret-key >/dev/null
    SSH_STATIC_KEYS="    $FIREUSER:
      private_key: secret_file:$STATE/ssh/$FIREUSER"
    [[ $FIRESRV == "$FIREUSER" ]] || SSH_STATIC_KEYS+="
    $FIRESRV:
      private_key: secret_file:$STATE/ssh/$FIRESRV"
    write_authorization "$1"
    render f7t-api-config.yaml.in "$STATE/f7t-api-config.yaml" 0600
    write_clusters
    [[ -e $STATE/keys/auth-gateway.key ]] || "$BINARIES/auth-gateway" keygen "$STATE/keys" >"$STATE/log/keygen.log" 2>&1 ||
        fail_with_log keygen "failed"
}

# launch_service NAME PORT VARIABLE=VALUE...
launch_service() {
    require_free_port "$1" "$2"
    launch "$1" env "YAML_CONFIG_FILE=$STATE/f7t-api-config.yaml" "GOLDCREST_LISTEN=127.0.0.1:$2" "GOLDCREST_KEYS=$STATE/keys" \
        "GOLDCREST_COMPUTE_URL=$(compute_service_address)" "GOLDCREST_FILESYSTEM_URL=$(filesystem_service_address)" \
        "GOLDCREST_TRANSFER_URL=$(transfer_service_address)" "LOG_LEVEL=${LOG_LEVEL:-info}" "${@:3}" "$BINARIES/$1" serve
}

service_ready() { curl --silent --fail --max-time 5 "$1/health/ready"; }
database_url() { printf 'postgresql://goldcrest:%s@127.0.0.1:%s/goldcrest' "$(secret database-password)" "$POSTGRES_PORT"; }

# is_replaced SERVICE: its executable or its configuration is not the one it was started with.
is_replaced() {
    [[ ! /proc/$(running_pid "$1")/exe -ef $BINARIES/$1 ]] ||
        find "$STATE/f7t-api-config.yaml" "$STATE/clusters" -newer "$STATE/pid/$1" | grep -q .
}

compute_service_start() { launch_service compute-service "$COMPUTE_PORT"; }
compute_service_ready() { service_ready "$(compute_service_address)"; }
compute_service_is_outdated() { is_replaced compute-service; }
compute_service_address() { printf 'http://127.0.0.1:%s' "$COMPUTE_PORT"; }

filesystem_service_start() { launch_service filesystem-service "$FILESYSTEM_PORT"; }
filesystem_service_ready() { service_ready "$(filesystem_service_address)"; }
filesystem_service_is_outdated() { is_replaced filesystem-service; }
filesystem_service_address() { printf 'http://127.0.0.1:%s' "$FILESYSTEM_PORT"; }

transfer_service_start() { launch_service transfer-service "$TRANSFER_PORT" "DATABASE_URL=$(database_url)"; }
transfer_service_ready() { service_ready "$(transfer_service_address)"; }
transfer_service_is_outdated() { is_replaced transfer-service; }
transfer_service_address() { printf 'http://127.0.0.1:%s' "$TRANSFER_PORT"; }

health_checker_start() { launch_service health-checker "$HEALTH_PORT" "DATABASE_URL=$(database_url)"; }
health_checker_ready() { service_ready "$(health_checker_address)"; }
health_checker_is_outdated() { is_replaced health-checker; }
health_checker_address() { printf 'http://127.0.0.1:%s' "$HEALTH_PORT"; }

auth_gateway_start() {
    require_free_port auth-gateway "$GATEWAY_ADMIN_PORT"
    launch_service auth-gateway "$GATEWAY_PORT" "DATABASE_URL=$(database_url)" "GOLDCREST_ADMIN_LISTEN=127.0.0.1:$GATEWAY_ADMIN_PORT"
}
auth_gateway_ready() { service_ready "$(auth_gateway_address)"; }
auth_gateway_is_outdated() { is_replaced auth-gateway; }
auth_gateway_address() { printf 'http://127.0.0.1:%s' "$GATEWAY_PORT"; }
