#!/usr/bin/env python3
"""Records what botocore presigns, for PresignedURLTests: ./presigned-urls.py >presigned-urls.json (needs botocore from PyPI)."""
import datetime
import json
import random
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

import botocore.session
from botocore.config import Config
from botocore.handlers import validate_bucket_name

ENDPOINTS = [
    "http://127.0.0.1:9000", "https://s3.example.org", "https://s3.example.org:443", "http://storage.example.org:80", "https://storage.example.org:8443",
    "https://gateway.example.org/object/store", "http://[::1]:9000",
]
REGIONS = ["us-east-1", "eu-central-2", "default", "ZRH"]
OPERATIONS = {
    "get_object": "GET", "put_object": "PUT", "head_object": "HEAD", "delete_object": "DELETE", "upload_part": "PUT", "list_parts": "GET",
    "complete_multipart_upload": "POST", "abort_multipart_upload": "DELETE", "create_multipart_upload": "POST",
}
ALPHABETS = [
    "abcXYZ019-._~", " &+%?#=;:@,$!'\"()*[]{}|\\^`<>/", "äßéøñŁж中文日本한ไทع\u0301\u200d\ufb01", "😀🧬🦅𝔘", "\t\n\x01\x7f",
]


def random_key(random):
    length = random.choice([1, 2, 8, 24, 60])
    text = "".join(random.choice(random.choices(ALPHABETS, [8, 6, 4, 2, 1])[0]) for _ in range(length))
    return f"{random.randrange(1 << 32):08x}/{text}"


def presigned(random):
    operation = random.choice(list(OPERATIONS))
    case = {
        "endpoint": random.choice(ENDPOINTS),
        "accessKeyID": "AKIA" + "".join(random.choice("ABCDEFGH01234567") for _ in range(16)),
        "secretAccessKey": "".join(random.choice("abcdefghijkABCDEFGHIJK+/0123456789") for _ in range(40)),
        "region": random.choice(REGIONS),
        "tenant": random.choice([None, None, None, "research", "team$1"]),
        "bucket": random.choice(["alice", "bob-2", "user.name", "x" * 63]),
        "key": random_key(random),
        "method": OPERATIONS[operation],
        "expires": random.choice([1, 60, 3600, 604800]),
        "time": random.randrange(1_300_000_000, 4_000_000_000),
    }
    bucket = case["bucket"] if case["tenant"] is None else f'{case["tenant"]}:{case["bucket"]}'
    parameters = {"Bucket": bucket, "Key": case["key"]}
    if operation in ("upload_part", "list_parts", "complete_multipart_upload", "abort_multipart_upload"):
        parameters["UploadId"] = "".join(random.choice("abcXYZ019-._~+/= ") for _ in range(60))
    if operation == "upload_part":
        parameters["PartNumber"] = random.randrange(1, 10_001)

    session = botocore.session.Session()
    session.set_credentials(case["accessKeyID"], case["secretAccessKey"])
    client = session.create_client(
        "s3", region_name=case["region"], endpoint_url=case["endpoint"],
        config=Config(
            signature_version="s3v4", s3={"addressing_style": "path"}, request_checksum_calculation="when_required",
            response_checksum_validation="when_required"))
    # It refuses the colon of a tenant's bucket.
    client.meta.events.unregister("before-parameter-build.s3", validate_bucket_name)
    now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc)
    with mock.patch("botocore.auth.get_current_datetime", lambda *_: now):
        case["url"] = client.generate_presigned_url(operation, parameters, ExpiresIn=case["expires"])
    # The operation's own parameters, in the order in which botocore writes them.
    query = parse_qsl(urlsplit(case["url"]).query, keep_blank_values=True)
    case["query"] = [list(parameter) for parameter in query if not parameter[0].startswith("X-Amz-")]
    return case


if __name__ == "__main__":
    generator = random.Random(20130524)
    cases = [presigned(generator) for _ in range(100)]
    print(json.dumps({"botocore": botocore.__version__, "cases": cases}, indent=1))
