# Runs the server of firecrest-streamer for one file. Standard input: the settings, as JSON. GOLDCREST_FILE: the file.
#
# The package receives what ends a transfer as more of the file, compares no hash, prints its secret, and ends with 0 whatever happened.
# So it does the listening, and what is sent and received is done here.
import asyncio
import hashlib
import json
import os
import socket
import sys
import time

from streamer import streamer_server
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

# What the other side sends and takes at a time, in bytes.
CHUNK = 5 * 1024 * 1024

settings = json.load(sys.stdin)
PATH = os.environ["GOLDCREST_FILE"]


class Failure(Exception):
    """Why there is no transfer, in words for both sides; the code closes the connection (RFC 6455 section 7.4.1)."""

    def __init__(self, reason, code=1011):
        super().__init__(reason)
        self.code = code


class Silence:
    """Reports nothing: the package's reports hold the secret."""

    def __getattr__(self, name):
        return lambda *_, **__: None


def fields(message, kind):
    """A message about the file. Clients send it as bytes; as text it is as good."""
    try:
        value = json.loads(message)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or value.get("type") != kind:
        raise Failure("The file changed while it was sent, or the client is older than firecrest-streamer 0.0.19.")
    return value


async def receive(connection):
    size = fields(await connection.recv(), "init").get("file_size")
    if type(size) is not int or size < 0:
        raise Failure("The client did not say how long the file is.")
    limit = settings["inboundTransferLimit"]
    if size > limit:
        raise Failure(f"The file has {size} bytes, more than the {limit} that may be uploaded.", 1009)
    digest = hashlib.sha256()
    with open(PATH, "xb") as file:
        while file.tell() < size:
            chunk = await connection.recv()
            if isinstance(chunk, str) or file.tell() + len(chunk) > size:
                raise Failure("The file changed while it was sent.")
            file.write(chunk)
            digest.update(chunk)
        if fields(await connection.recv(), "eof").get("sha256_hash") != digest.hexdigest():
            raise Failure("The file was damaged on its way: its SHA-256 hash is another one.")
        file.flush()
        os.fsync(file.fileno())


async def send(connection):
    digest = hashlib.sha256()
    with open(PATH, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        await connection.send(json.dumps({"type": "init", "num_chunks": -(-size // CHUNK), "file_size": size}).encode())
        while chunk := file.read(CHUNK):
            await connection.send(chunk)
            digest.update(chunk)
        if file.tell() != size:
            raise Failure("The file changed while it was sent.")
    # The client knows the end only by this beginning and only as text; anything else it writes into the file.
    await connection.send(json.dumps({"type": "eof", "sha256_hash": digest.hexdigest()}, separators=(",", ":")))
    await connection.wait_closed()
    if connection.protocol.close_code != 1000:
        raise Failure(f"The client did not take the whole file. {connection.protocol.close_reason or ''}".strip())


class Transfer:
    """The one transfer that this process is for."""

    def __init__(self):
        self.start = time.monotonic()
        self.started = False
        self.ended = asyncio.Event()
        self.problem = None

    async def serve(self, connection, carry):
        if self.started:
            # The package stops listening when this returns.
            await connection.close(1013, "Another client is being served.")
            await self.ended.wait()
            return
        self.started = True
        print("A client has connected.", flush=True)
        try:
            await carry(connection)
        except Failure as failure:
            self.problem = str(failure)
            # RFC 6455 section 5.5: a reason has at most 123 bytes.
            await connection.close(failure.code, self.problem[:123])
        except ConnectionClosed as error:
            self.problem = f"The connection was lost before the end of the file: {error}."
        except OSError as error:
            self.problem = f"The file cannot be read or written: {error.strerror}."
            await connection.close(1011, "The file cannot be read or written.")
        except BaseException as error:
            self.problem = f"The transfer was interrupted: {type(error).__name__}."
            raise
        finally:
            self.ended.set()

    def result(self):
        """What went wrong; None if nothing did."""
        if self.started:
            return self.problem
        if time.monotonic() - self.start < settings["waitTimeout"]:
            return "The transfer was ended before a client came."
        return f"No client came within {settings['waitTimeout']} seconds."


async def main():
    transfer = Transfer()
    listener = socket.socket(fileno=int(os.environ["GOLDCREST_LISTENER"]))
    carry = {"receive": receive, "send": send}[settings["operation"]]

    print(f"Waiting for the client on port {listener.getsockname()[1]}.", flush=True)

    async def stream(connection, *_, **__):
        await transfer.serve(connection, carry)

    # The socket is there already. To compress costs more time than it saves; each message in the queue can be as long as a chunk.
    streamer_server.serve = lambda handler, host, port, **options: serve(
        handler, **dict(options, sock=listener, compression=None, max_queue=2))
    streamer_server.stream_receive = streamer_server.stream_send = stream
    streamer_server.ConsoleReporter = Silence
    server = asyncio.ensure_future(streamer_server.stream(streamer_server.StreamConfig(
        operation=streamer_server.Operation(settings["operation"]), target=PATH, secret=settings["secret"], port_range=(0, 0), ips=[],
        host=None, wait_timeout=settings["waitTimeout"], inbound_transfer_limit=settings["inboundTransferLimit"])))
    # The package stops its clock for a client that knows the secret, and waits for ever if that one then goes away.
    await asyncio.wait([server], timeout=settings["waitTimeout"] + 30)
    if transfer.started or server.done():
        await server
    return transfer.result()


sys.exit(asyncio.run(main()))
