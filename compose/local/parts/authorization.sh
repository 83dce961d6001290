# shellcheck shell=bash
# Who may use which system: everybody every one, or as the gateway's own evaluator says.

# write_authorization none|rebac: sets AUTHORIZATION, a part of the configuration.
write_authorization() {
    local folder=$STATE/authorization system
    AUTHORIZATION=''
    [[ $1 == rebac ]] || return 0
    secret admin-token >/dev/null
    SYSTEM_TUPLES=''
    for system in $(slurm_systems); do
        SYSTEM_TUPLES+="
- user: group:users#member
  relation: member
  object: vcluster:$system"
    done
    SYSTEM_TUPLES=${SYSTEM_TUPLES#$'\n'}
    mkdir -p -m 0700 -- "$folder"
    render authorization/model.fga "$folder/model.fga" 0600
    render authorization/tuples.yaml.in "$folder/tuples.yaml" 0600
    AUTHORIZATION="  authorization:
    rebac:
      model: $folder/model.fga
      tuples: $folder/tuples.yaml
      admin_token: secret_file:$SECRETS/admin-token
"
}
