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


def check_scheduler(client, system, folder):
    """What pyfirecrest asks of a scheduler, on a Slurm by its commands, by slurmrestd (which cannot do all of it), or by both."""
    nodes = client.nodes(system)
    check(f"nodes of {system}", nodes[0]["cpus"] == 64 and nodes[0]["state"], nodes)
    partitions = client.partitions(system)
    check(f"partitions of {system}", {"part01", "part02"} <= {entry["name"] for entry in partitions}, partitions)
    check(f"reservations of {system}", isinstance(client.reservations(system), list), None)

    job = client.submit(system, folder, script_str="#!/bin/bash\nsleep 600\n")["jobId"]
    wait_until(f"submit to {system}", 60, lambda: client.job_info(system, job)[0]["status"]["state"] == "RUNNING")
    if system.endswith("-rest"):
        try:
            client.job_metadata(system, job)
            raise SystemExit(f"pyfirecrest: metadata of {system}: found some")
        except firecrest.FirecrestException as error:
            check(f"metadata of {system} is refused", error.responses[-1].status_code == 501, error)
    else:
        metadata = client.job_metadata(system, job)[0]
        check(f"metadata of {system}", metadata["standardOutput"] == f"{folder}/slurm-{job}.out", metadata)
        client.attach_to_job(system, job, f"echo 'it'\\''s attached' >'{folder}/attached-{system}'")
        wait_until(f"attach to {system}", 20, lambda: attached(client, system, folder))
    client.cancel_job(system, job)
    cancelled = client.wait_for_job(system, job, timeout=60)
    check(f"cancel_job on {system}", cancelled[0]["status"]["state"] == "CANCELLED", cancelled)


def attached(client, system, folder):
    names = [entry["name"] for entry in client.list_files(system, folder)]
    name = f"attached-{system}"
    return name in names and client.head(system, f"{folder}/{name}")["content"] == "it's attached\n"


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

    for name in stack["SLURM_SYSTEMS"].split():
        check_scheduler(client, name, folder)

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
