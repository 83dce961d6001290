import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol
import PyPITesting
import StackTesting
import Testing

@testable import TransferService

@Suite("The job of a transfer by firecrest-streamer, with its real client")
struct StreamerJobTests {
    static let megabyte = 1_000_000

    /// A job, its client's coordinates and what both work on.
    private struct Transfer {
        let folder: Folder
        let packages: PyPIPackages
        let job: RunningJob
        let secret: Secret
        let coordinates: String

        /// Runs `body` beside a job, and checks that nothing of the job is left behind it.
        static func with(
            limit: Int = 5 << 30, patience: Duration = .seconds(120), indexURL: String? = nil, in folder: Folder,
            _ work: (StreamerJob) throws -> TransferJobWork, _ body: (Transfer) async throws -> Void
        ) async throws {
            let packages = try await PyPIPackages.installed()
            let port = try FreePort.find()
            let settings = Cluster.DataTransfer.Streamer(
                host: "127.0.0.1", portRange: port...port, waitTimeout: patience, inboundTransferLimit: limit,
                pypiIndexURL: indexURL ?? packages.indexURL)
            let secret = StreamerJob.makeSecret()
            try folder.makeDirectory("scratch")
            let scratch = try folder.path("scratch").string
            let job = try RunningJob(
                try work(StreamerJob(settings: settings, secret: secret)), environment: ["TMPDIR": scratch, "PIP_CONFIG_FILE": "/dev/null"])
            try await body(
                Transfer(
                    folder: folder, packages: packages, job: job, secret: secret,
                    coordinates: try StreamerCoordinates(settings: settings, secret: secret).text))
            #expect(try folder.names(in: "scratch").isEmpty)
            #expect(LocalProcess.all(with: scratch).isEmpty)
        }

        func waitUntilReady() async throws {
            try await job.waitForOutput("Waiting for the client on port", within: .seconds(300))
        }

        func end() async throws -> RunningJob.Result {
            let result = try await job.end(within: .seconds(300))
            #expect(!(result.output + result.errors).contains(secret.revealed))
            return result
        }

        /// The package's own command for users.
        func client(_ operation: String, _ name: String) throws -> ToolProcess {
            try ToolProcess(packages.command("streamer"), [operation, "--coordinates", coordinates, "--path", try folder.path(name).string])
        }

        /// A client that does something else than it should.
        func client(that fault: String) throws -> ToolProcess {
            try ToolProcess(packages.command("python"), ["-c", Self.faultyClient, fault, coordinates])
        }

        private static let faultyClient = #"""
            import asyncio, base64, hashlib, json, os, sys, websockets
            fault, coordinates = sys.argv[1:]
            place = json.loads(base64.urlsafe_b64decode(coordinates))
            data = b"x" * 100000
            async def main():
                secret = "wrong" if fault == "knows no secret" else place["secret"]
                uri = f"ws://{place['ips'][0]}:{place['ports'][0]}"
                async with websockets.connect(uri, max_size=None, additional_headers={"Authorization": "Bearer " + secret}) as socket:
                    if fault == "takes half of a file":
                        for _ in range(2): await socket.recv()
                        os._exit(0)
                    if fault == "does not announce the file":
                        return await socket.send(data)
                    await socket.send(json.dumps({"type": "init", "num_chunks": 1, "file_size": len(data)}).encode())
                    if fault == "leaves in the middle":
                        await socket.send(data[:1000])
                        os._exit(0)
                    if fault == "says goodbye in the middle":
                        return await socket.send(data[:1000])
                    await socket.send(data)
                    if fault == "sends more than announced":
                        await socket.send(data)
                    wrong = b"y" if fault == "sends another file's hash" else b""
                    end = json.dumps({"type": "eof", "sha256_hash": hashlib.sha256(data + wrong).hexdigest()})
                    await socket.send(end if fault == "ends with text" else end.encode())
            asyncio.run(main())
            """#
    }

    /// Not a repetition of a chunk, so that chunks in a wrong order show.
    static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    static let files = [
        (size: 0, name: "empty"), (size: 1, name: "it's"), (size: 5 << 20, name: "-rf \"$(touch pwned)\""),
        (size: 5 << 20 | 1, name: "ünï 日本"), (size: 50 * megabyte, name: "a b"),
    ]

    @Test("files of any size and name arrive as they are on the system", arguments: files)
    func uploads(size: Int, name: String) async throws {
        try await Folder.with { folder in
            let content = Self.bytes(size)
            try folder.write(content, to: "sent")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path(name)) }) { transfer in
                try await transfer.waitUntilReady()
                #expect(LocalProcess.all(with: transfer.secret.revealed).isEmpty)
                let client = try await transfer.client("send", "sent").end()
                #expect(client.output.contains("sent successfully"), "\(client.output)")
                let result = try await transfer.end()
                #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
                #expect(result.output.hasSuffix("File was successfully uploaded to the target.\n"))
            }
            #expect(try folder.content(of: name) == content)
            #expect(try Set(folder.names()) == ["sent", "scratch", name])
        }
    }

    @Test("files of any size and name arrive as they are at the user", arguments: files)
    func downloads(size: Int, name: String) async throws {
        try await Folder.with { folder in
            let content = Self.bytes(size)
            try folder.write(content, to: name)
            try await Transfer.with(in: folder, { try $0.download(from: try folder.path(name)) }) { transfer in
                try await transfer.waitUntilReady()
                let client = try await transfer.client("receive", "received").end()
                #expect(client.output.contains("File received successfully."), "\(client.output)")
                let result = try await transfer.end()
                #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
                #expect(result.output.hasSuffix("File was successfully downloaded by the client.\n"))
            }
            #expect(try folder.content(of: "received") == content)
        }
    }

    @Test("an existing file keeps its mode, and a link to it stays one")
    func existing() async throws {
        try await Folder.with { folder in
            try folder.write("old".utf8, to: "file", mode: 0o640)
            try FileManager.default.createSymbolicLink(atPath: folder.path("link").string, withDestinationPath: "file")
            try folder.write("new".utf8, to: "sent")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("link")) }) { transfer in
                try await transfer.waitUntilReady()
                // Who does not know the secret is turned away, and the job goes on waiting.
                let stranger = try await transfer.client(that: "knows no secret").end()
                #expect(stranger.status != 0 && stranger.output.contains("403"))
                _ = try await transfer.client("send", "sent").end()
                let result = try await transfer.end()
                #expect(result.status == 0, "\(result.errors)")
            }
            #expect(try folder.content(of: "file") == Array("new".utf8))
            #expect(try folder.mode(of: "file") == 0o640)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link").string) == "file")
        }
    }

    @Test("a faulty upload fails with the reason and leaves the old file", arguments: [
        ("sends another file's hash", "SHA-256"), ("sends more than announced", "The file changed while it was sent"),
        ("leaves in the middle", "The connection was lost before the end of the file"),
        ("says goodbye in the middle", "The connection was lost before the end of the file"),
        ("does not announce the file", "older than firecrest-streamer 0.0.19"),
    ])
    func faults(fault: String, reason: String) async throws {
        try await Folder.with { folder in
            try folder.write("old".utf8, to: "file")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                try await transfer.waitUntilReady()
                _ = try await transfer.client(that: fault).end()
                let result = try await transfer.end()
                #expect(result.status == 1)
                #expect(result.errors.contains(reason), "\(result.errors)")
                #expect(!result.output.contains("successfully"))
            }
            #expect(try folder.content(of: "file") == Array("old".utf8))
            #expect(try Set(folder.names()) == ["file", "scratch"])
        }
    }

    @Test("the end of a file may come as text too")
    func textEnd() async throws {
        try await Folder.with { folder in
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                try await transfer.waitUntilReady()
                _ = try await transfer.client(that: "ends with text").end()
                #expect(try await transfer.end().status == 0)
            }
            #expect(try folder.content(of: "file") == Array(repeating: UInt8(ascii: "x"), count: 100_000))
        }
    }

    @Test("a file longer than the limit is refused at once, and both sides learn the limit")
    func limit() async throws {
        try await Folder.with { folder in
            // The client hears of it between two of its pieces, of 5 MB each; of many pieces, as it may be slow to.
            try folder.write([UInt8](repeating: 7, count: 200 * Self.megabyte), to: "sent")
            try await Transfer.with(limit: Self.megabyte, in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                try await transfer.waitUntilReady()
                let client = try await transfer.client("send", "sent").end()
                #expect(client.output.contains("more than the 1000000 that may be uploaded"), "\(client.output)")
                let result = try await transfer.end()
                #expect(result.status == 1)
                #expect(result.errors.contains("The file has 200000000 bytes, more than the 1000000 that may be uploaded."), "\(result.errors)")
            }
            #expect(try Set(folder.names()) == ["sent", "scratch"])
        }
    }

    @Test("a download whose client goes away fails")
    func lostClient() async throws {
        try await Folder.with { folder in
            try folder.write(Self.bytes(50 * Self.megabyte), to: "file")
            try await Transfer.with(in: folder, { try $0.download(from: try folder.path("file")) }) { transfer in
                try await transfer.waitUntilReady()
                _ = try await transfer.client(that: "takes half of a file").end()
                let result = try await transfer.end()
                #expect(result.status == 1 && result.errors.contains("The connection was lost"), "\(result.errors)")
                #expect(!result.output.contains("successfully"))
            }
        }
    }

    @Test("when no client comes the job fails with that reason")
    func noClient() async throws {
        try await Folder.with { folder in
            try await Transfer.with(patience: .seconds(1), in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                let result = try await transfer.end()
                #expect(result.status == 1 && result.errors.contains("No client came within 1 seconds"), "\(result.errors)")
            }
            #expect(try folder.names() == ["scratch"])
        }
    }

    @Test("a cancelled job ends soon and leaves nothing, whatever it was doing", arguments: [true, false])
    func cancelled(whileWaiting: Bool) async throws {
        try await Folder.with { folder in
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                if whileWaiting {
                    try await transfer.waitUntilReady()
                } else {
                    try await eventually("the environment is being made") { try !folder.names(in: "scratch").isEmpty }
                }
                kill(transfer.job.processID, SIGTERM)
                let result = try await transfer.end()
                #expect(result.status == 143)
                #expect(result.errors.contains("The transfer was cancelled."), "\(result.errors)")
            }
            #expect(try folder.names() == ["scratch"])
        }
    }

    @Test("a package that cannot be installed fails the job in pip's words")
    func noPackage() async throws {
        try await Folder.with { folder in
            let index = try folder.path("no index").string
            try await Transfer.with(indexURL: "file://\(index)", in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                let result = try await transfer.end()
                #expect(result.status == 1)
                #expect(result.errors.contains("No matching distribution found for firecrest-streamer"), "\(result.errors)")
            }
            #expect(try folder.names() == ["scratch"])
        }
    }

    @Test("a target that cannot be written and a source that cannot be read fail before anyone is waited for")
    func impossibleFiles() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("directory")
            let settings = Cluster.DataTransfer.Streamer(host: "127.0.0.1", pypiIndexURL: "file:///nowhere")
            let streamer = StreamerJob(settings: settings, secret: StreamerJob.makeSecret())
            let works = [
                (try streamer.upload(to: try folder.path("directory")), "Is a directory"),
                (try streamer.upload(to: try folder.path("no/file")), "No such file or directory"),
                (try streamer.download(from: try folder.path("no")), "No such file or directory"),
                (try streamer.download(from: try folder.path("directory")), "Not a regular file"),
            ]
            for (work, reason) in works {
                let result = try await RunningJob.run(work)
                #expect(result.status == 1 && result.errors.contains(reason), "\(result.errors)")
            }
            #expect(try folder.names() == ["directory"])
        }
    }

    @Test("a machine without a Python that will do is told of")
    func noPython() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("bin")
            // An old one, and one without the modules.
            for (name, answer) in [("python3", "echo 7"), ("python3.9", "exit 1")] {
                try folder.write("#!/bin/sh\n\(answer)\n".utf8, to: "bin/\(name)", mode: 0o755)
            }
            for name in ["sort", "mkdir", "rm", "mktemp"] {
                try FileManager.default.createSymbolicLink(atPath: folder.path("bin/\(name)").string, withDestinationPath: "/usr/bin/\(name)")
            }
            let work = try StreamerJob(settings: .init(host: "127.0.0.1"), secret: StreamerJob.makeSecret()).upload(to: try folder.path("file"))
            let result = try await RunningJob.run(work, environment: ["PATH": try folder.path("bin").string])
            #expect(result.status == 1)
            #expect(result.errors.contains("There is no Python of version 3.8 or newer"), "\(result.errors)")
            #expect(try folder.names() == ["bin"])
        }
    }
}
