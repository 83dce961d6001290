# shellcheck shell=bash
# The OpenID Connect issuer. slurmctld and slurmrestd read its public keys from a file.

oidc_start() {
    require_free_port oidc "$OIDC_PORT"
    mkdir -p -m 0700 -- "$STATE/oidc"
    FIREUSER_CLIENT_SECRET=$(secret fireuser-client-secret)
    FIRESRV_CLIENT_SECRET=$(secret firesrv-client-secret)
    render oidc-clients.json.in "$STATE/oidc/clients.json" 0600
    launch oidc /usr/bin/python3 "$LOCAL/oidc-issuer.py" --listen "127.0.0.1:$OIDC_PORT" --signing-key "$STATE/oidc/signing-key.pem" \
        --clients "$STATE/oidc/clients.json" --write-jwks "$SHARED/slurm/jwks.json"
}

oidc_ready() { [[ -n $(access_token fireuser) ]]; }

# access_token CLIENT: a token as any client of the API gets it.
access_token() {
    curl --silent --fail --max-time 5 --config - "$(oidc_address)/token" <<EOF | json access_token
data = "grant_type=client_credentials&client_id=$1&client_secret=$(secret "$1-client-secret")"
EOF
}

# json KEY...: the value at that path in the JSON document on standard input.
json() {
    /usr/bin/python3 -c '
import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1:]:
    value = value[int(key)] if isinstance(value, list) else value[key]
print(value)' "$@"
}

oidc_address() { printf 'http://127.0.0.1:%s' "$OIDC_PORT"; }
