#!/usr/bin/env python3
"""Uses a running stack through pyfirecrest as a scientist would, and fails at the first thing that is not as it should be.

The environment variable GOLDCREST_STACK names the stack's stack.env.
"""

import os
import pathlib
import shlex
import tempfile
import time

import firecrest


def read_stack():
    text = pathlib.Path(os.environ["GOLDCREST_STACK"]).read_text()
    return dict(word.split("=", 1) for word in shlex.split(text, comments=True))


def check(name, condition, found):
    if not condition:
        raise SystemExit(f"pyfirecrest: {name}: found {found!r}")
    print(f"pyfirecrest: {name}: ok")


def wait_until(name, seconds, probe):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = probe()
        if found:
            return found
        time.sleep(0.2)
    raise SystemExit(f"pyfirecrest: {name}: not within {seconds} s")


def main():
    stack = read_stack()
    client = firecrest.v2.Firecrest(
        firecrest_url=stack["BASE_URL"],
        authorization=firecrest.ClientCredentialsAuth(
            stack["FIREUSER_CLIENT_ID"], stack["FIREUSER_CLIENT_SECRET"], stack["TOKEN_URL"]
        ),
    )
    client.timeout = 30
    system, user = stack["SYSTEM"], stack["FIREUSER"]
    home = stack["FIREUSER_HOME"]
    folder = f"{home}/pyfirecrest {os.getpid()}"

    check("server_version", client.server_version().startswith("2."), client.server_version())
    systems = client.systems()
    check("systems", system in [entry["name"] for entry in systems], systems)
    info = client.userinfo(system)
    check("userinfo", info["user"]["name"] == user, info)

    made = client.mkdir(system, folder)
    check("mkdir", made["name"] == folder and made["type"] == "d", made)

    # What pyfirecrest sends in one request; larger files go through object storage.
    content = os.urandom(1_000_000)
    with tempfile.TemporaryDirectory() as local:
        source, copy = pathlib.Path(local, "source"), pathlib.Path(local, "copy")
        source.write_bytes(content)
        client.upload(system, str(source), folder, "data 'quoted'.bin")
        remote = f"{folder}/data 'quoted'.bin"
        check("stat", client.stat(system, remote)["size"] == len(content), client.stat(system, remote))
        client.download(system, remote, str(copy))
        check("upload and download", copy.read_bytes() == content, "other bytes")

    listing = client.list_files(system, folder)
    check("list_files", [entry["name"] for entry in listing] == ["data 'quoted'.bin"], listing)

    job = client.submit(
        system, folder, script_str='#!/bin/bash\necho "hello, $NAME"\n', env_vars={"NAME": 'a,b "c" $d'},
    )
    check("submit", job["jobId"].isdigit(), job)
    done = client.wait_for_job(system, job["jobId"], timeout=60)
    check("wait_for_job", done[0]["status"]["state"] == "COMPLETED", done)
    known = client.job_info(system, job["jobId"])
    check("job_info", known[0]["jobId"] == job["jobId"], known)
    everything = client.job_info(system)
    check("job_info of all", job["jobId"] in [entry["jobId"] for entry in everything], everything)

    output = f"{folder}/slurm-{job['jobId']}.out"
    head = wait_until("head", 10, lambda: client.head(system, output, num_lines=1)["content"])
    check("head", head == 'hello, a,b "c" $d\n', head)

    sleeper = client.submit(system, folder, script_str="#!/bin/bash\nsleep 600\n")
    client.cancel_job(system, sleeper["jobId"])
    cancelled = client.wait_for_job(system, sleeper["jobId"], timeout=60)
    check("cancel_job", cancelled[0]["status"]["state"] == "CANCELLED", cancelled)

    client.cp(system, remote, f"{folder}/copy.bin", blocking=True)
    check("cp", client.checksum(system, f"{folder}/copy.bin") == client.checksum(system, remote), "other checksums")
    client.mv(system, f"{folder}/copy.bin", f"{folder}/moved.bin", blocking=True)
    names = [entry["name"] for entry in client.list_files(system, folder)]
    check("mv", "moved.bin" in names and "copy.bin" not in names, names)

    client.rm(system, folder)
    try:
        client.stat(system, folder)
        raise SystemExit("pyfirecrest: rm: the folder is still there")
    except firecrest.FirecrestException as error:
        check("rm", error.responses[-1].status_code == 404, error)
    try:
        client.job_info(system, "999999")
        raise SystemExit("pyfirecrest: an unknown job is found")
    except firecrest.FirecrestException as error:
        check("an unknown job", "Job not found" in str(error), error)


if __name__ == "__main__":
    main()
