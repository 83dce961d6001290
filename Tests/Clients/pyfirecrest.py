#!/usr/bin/env python3
"""Uses a running stack through pyfirecrest as a scientist would, and fails at the first thing that is not as it should be.

The environment variable GOLDCREST_STACK names the stack's stack.env.
"""

import hashlib
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


def check_files(client, system, folder):
    """Listings with each option, parts of files, links that are followed, small files that go and come, and what is refused."""
    place = f"{folder}/files"
    client.mkdir(system, f"{place}/sub", create_parents=True)
    client.mkdir(system, f"{place}/sub", create_parents=True)
    refused("mkdir of what is there", 400, "File exists", lambda: client.mkdir(system, place))
    lines = [f"line {number}\n" for number in range(1, 26)]
    with tempfile.TemporaryDirectory() as local:
        source = pathlib.Path(local, "source")
        for name, content in [("text", "".join(lines).encode()), (".hidden", b""), ("ünï $(x)\n'y' \"z\"", bytes(range(256)))]:
            source.write_bytes(content)
            client.upload(system, str(source), place, name)
            client.download(system, f"{place}/{name}", f"{local}/copy")
            check(f"upload and download of {name!r}", pathlib.Path(local, "copy").read_bytes() == content, "other bytes")
        refused("upload into what is missing", 404, "No such file or directory", lambda: client.upload(system, str(source), f"{place}/missing", "x"))
    client.symlink(system, f"{place}/sub", f"{place}/to-sub")

    def names(**options):
        return [entry["name"] for entry in client.list_files(system, place, **options)]

    text, odd = "text", "ünï $(x)\n'y' \"z\""
    check("list_files of names", names() == ["sub", text, "to-sub", odd], names())
    check("list_files with hidden ones", names(show_hidden=True) == [".hidden", "sub", text, "to-sub", odd], names(show_hidden=True))
    check("list_files below", "sub" in names(recursive=True), names(recursive=True))
    kinds = {entry["name"]: entry["type"] for entry in client.list_files(system, place)}
    check("list_files of kinds", kinds["to-sub"] == "l" and kinds["sub"] == "d" and kinds[text] == "-", kinds)
    followed = {entry["name"]: entry["type"] for entry in client.list_files(system, place, dereference=True)}
    check("list_files that follows links", followed["to-sub"] == "d", followed)
    owner = client.list_files(system, place, numeric_uid=True)[0]["user"]
    check("list_files of numbers", owner == str(client.stat(system, place)["uid"]), owner)
    refused("list_files of what is missing", 404, "No such file or directory", lambda: client.list_files(system, f"{place}/missing"))

    def content(operation, **options):
        return operation(system, f"{place}/{text}", **options)["content"]

    check("head of lines", content(client.head, num_lines=3) == "".join(lines[:3]), content(client.head, num_lines=3))
    check("head of bytes", content(client.head, num_bytes=4) == "line", content(client.head, num_bytes=4))
    check("head but the end", content(client.head, num_lines=20, exclude_trailing=True) == "".join(lines[:5]), "other lines")
    check("tail of lines", content(client.tail, num_lines=3) == "".join(lines[-3:]), content(client.tail, num_lines=3))
    check("tail of bytes", content(client.tail, num_bytes=3) == "25\n", content(client.tail, num_bytes=3))
    check("tail but the beginning", content(client.tail, num_lines=20, exclude_beginning=True) == "".join(lines[20:]), "other lines")
    check("view", client.view(system, f"{place}/{text}") == "".join(lines), "other content")

    linked = client.stat(system, f"{place}/to-sub")
    check("stat of a link", linked["mode"] & 0o170000 == 0o120000, linked)
    linked = client.stat(system, f"{place}/to-sub", dereference=True)
    check("stat that follows a link", linked["mode"] & 0o170000 == 0o040000, linked)
    refused("stat of what is missing", 404, "cannot statx", lambda: client.stat(system, f"{place}/missing"))
    check("file_type", "ASCII text" in client.file_type(system, f"{place}/{text}"), client.file_type(system, f"{place}/{text}"))

    client.rm(system, f"{place}/{odd}")
    client.rm(system, f"{place}/to-sub")
    check("rm of a link leaves what it leads to", names() == ["sub", text], names())
    client.rm(system, place)
    refused("rm of what is gone", 404, "No such file or directory", lambda: client.rm(system, place))


def refused(name, status, words, call):
    try:
        found = call()
    except firecrest.FirecrestException as error:
        answer = error.responses[-1]
        check(f"{name} is refused", answer.status_code == status and words in answer.text, answer.text)
        return
    check(f"{name} is refused", False, found)


def check_changes(client, system, folder, user, remote):
    """Links, permissions, owners and archives."""
    link = f"{folder}/link's name"
    made = client.symlink(system, remote, link)["output"]
    check("symlink", made["name"] == link and made["linkTarget"] == remote, made)
    changed = client.chmod(system, remote, "u=rw,go=")
    check("chmod", changed["permissions"] == "rw-------", changed)
    changed = client.chmod(system, remote, "0640")
    check("chmod in octal", changed["permissions"] == "rw-r-----", changed)
    changed = client.chown(system, remote, user, "")
    check("chown", changed["user"] == user, changed)
    digest = client.checksum(system, remote)
    check("checksum", digest["algorithm"] == "SHA256" and len(digest["checksum"]) == 64, digest)

    for compression in ["none", "gzip", "bzip2", "xz"]:
        archive, target = f"{folder}/{compression}.tar", f"{folder}/from {compression}"
        client.compress(system, remote, archive, compression=compression)
        client.mkdir(system, target)
        client.extract(system, archive, target, compression=compression)
        unpacked = f"{target}/{remote.rsplit('/', 1)[1]}"
        check(f"compress and extract with {compression}", client.checksum(system, unpacked) == digest, "another checksum")
    client.compress(system, folder, f"{folder}/matching.tar", match_pattern=r".*/moved\.bin")
    client.mkdir(system, f"{folder}/matched")
    client.extract(system, f"{folder}/matching.tar", f"{folder}/matched")
    names = [entry["name"] for entry in client.list_files(system, f"{folder}/matched", recursive=True)]
    check("compress with a pattern", [name for name in names if name.endswith(".bin")] == [f"{folder.rsplit('/', 1)[1]}/moved.bin"], names)
    try:
        client.extract(system, remote, folder)
        raise SystemExit("pyfirecrest: extract: what is no archive is extracted")
    except firecrest.FirecrestException as error:
        check("extract of what is no archive", error.responses[-1].status_code == 400, error)


def check_transfers(client, system, folder):
    """Files larger than pyfirecrest sends in one request, which go through the object storage in parts, and what else jobs do."""
    content = os.urandom(11_000_000)
    remote = f"{folder}/large & 'quoted' ünï.bin"
    with tempfile.TemporaryDirectory() as local:
        source, copy = pathlib.Path(local, "source"), pathlib.Path(local, "copy")
        source.write_bytes(content)
        sent = client.upload(system, str(source), folder, remote.rsplit("/", 1)[1], blocking=True)
        check("upload in parts", len(sent.transfer_data["transferDirectives"]["partsUploadUrls"]) == 3, sent.transfer_data)
        check("checksum of the upload", client.checksum(system, remote)["checksum"] == hashlib.sha256(content).hexdigest(), "another one")
        client.download(system, remote, str(copy), blocking=True)
        check("download in parts", copy.read_bytes() == content, "other bytes")
        with source.open("rb") as stream:
            client.upload(system, stream, folder, "stream.bin", file_size=len(content))
        same = client.checksum(system, f"{folder}/stream.bin") == client.checksum(system, remote)
        check("upload of a stream", same, "another checksum")

        later = client.download(system, remote, str(copy), blocking=False)
        copy.unlink()
        later.wait_for_transfer_job()
        later.download_file_from_stage()
        check("download without blocking", copy.read_bytes() == content, "other bytes")

        refused("download of what is not there", 404, "No such file", lambda: transfer(client, system, "download", f"{folder}/none", s3=True))
        refused("upload to what is not there", 404, "No such file", lambda: client.upload(system, str(source), f"{folder}/none", "x"))
        refused("upload by another method", 400, "transfers by s3", lambda: client.upload(system, str(source), folder, "x", transfer_method="streamer"))

    # pyfirecrest turns to these when the direct operation takes too long; its own words tell it of the success.
    archive = f"{folder}/by job.tar.gz"
    client._wait_for_transfer_job(transfer(client, system, "compress", remote, target_path=archive, compression="gzip"))
    client.mkdir(system, f"{folder}/by job")
    client._wait_for_transfer_job(transfer(client, system, "extract", archive, target_path=f"{folder}/by job", compression="gzip"))
    unpacked = f"{folder}/by job/{remote.rsplit('/', 1)[1]}"
    check("compress and extract by jobs", client.checksum(system, unpacked) == client.checksum(system, remote), "another checksum")


def transfer(client, system, operation, path, s3=False, **fields):
    """Asks for a transfer as pyfirecrest does behind its methods."""
    body = {"source_path": path, **fields}
    if s3:
        body["transfer_directives"] = {"transferMethod": "s3"}
    response = client._post_request(endpoint=f"/filesystem/{system}/transfer/{operation}", json_data=body)
    return client._check_response(response, 201)


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

    # What pyfirecrest sends in one request.
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

    check_transfers(client, system, folder)
    check_files(client, system, folder)
    check_changes(client, system, folder, user, remote)

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
