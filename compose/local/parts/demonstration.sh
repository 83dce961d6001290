# shellcheck shell=bash
# One job through the API, as a client would run it.

demonstrate() {
    local token base job state output home=$HOME_ROOT/$FIREUSER deadline=$((SECONDS + 60))
    base=$(auth_gateway_address)
    token=$(access_token fireuser) || fail "the issuer gave no token"
    job=$(api POST "/compute/$SYSTEM/jobs" "$(job_description "$home")" | json jobId) || fail "the job could not be submitted"
    say
    say "Submitted job $job as $FIREUSER through the API."
    while state=$(api GET "/compute/$SYSTEM/jobs/$job" 2>/dev/null | json jobs 0 status state 2>/dev/null) || true; [[ $state != COMPLETED ]]; do
        [[ ! $state =~ FAILED|CANCELLED|TIMEOUT ]] || fail "the job ended as $state"
        ((SECONDS < deadline)) || fail "the job was not completed within a minute; its state is ${state:-unknown}"
        sleep 0.3
    done
    output=$(api GET "/filesystem/$SYSTEM/ops/head?path=$home/goldcrest-demo-$job.out") || fail "the job's output could not be read"
    say "It is $state; its output, read through the API:"
    printf '%s\n' "$(json output content <<<"$output")" | sed 's/^/    /'
}

# api METHOD PATH [JSON]: prints the reply's body, or says on standard error what was answered instead.
api() {
    local reply status arguments=()
    [[ -z ${3:-} ]] || arguments=(--header 'Content-Type: application/json' --data-binary "$3")
    reply=$(curl --silent --show-error --max-time 20 --request "$1" --write-out '\n%{http_code}' --config - "${arguments[@]}" "$base$2" <<<"header = \"Authorization: Bearer $token\"") || return 1
    status=${reply##*$'\n'}
    if [[ $status != 2?? ]]; then
        printf '%s %s was answered %s: %s\n' "$1" "$2" "$status" "${reply%$'\n'*}" >&2
        return 1
    fi
    printf '%s' "${reply%$'\n'*}"
}

job_description() {
    /usr/bin/python3 -c '
import json, sys
home = sys.argv[1]
script = f"""#!/bin/bash
#SBATCH --job-name=goldcrest-demo
#SBATCH --output={home}/goldcrest-demo-%j.out
#SBATCH --account=myproject
echo "Hello from $(hostname), where job $SLURM_JOB_ID runs as $(id -un) in $PWD."
"""
print(json.dumps({"job": {"name": "goldcrest-demo", "workingDirectory": home, "script": script}}))' "$1"
}

explain() {
    say
    say "The API's base URL:  $(auth_gateway_address)"
    say "Get a token:"
    say
    say "    source $STATE/stack.env"
    # shellcheck disable=SC2016
    say '    TOKEN=$(curl -s "$TOKEN_URL" -d grant_type=client_credentials -d client_id="$FIREUSER_CLIENT_ID" -d client_secret="$FIREUSER_CLIENT_SECRET" | python3 -c "import json,sys; print(json.load(sys.stdin)[\"access_token\"])")'
    # shellcheck disable=SC2016
    say '    curl -H "Authorization: Bearer $TOKEN" "$BASE_URL/status/systems"'
}
