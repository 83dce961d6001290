import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import StackTesting
import Testing

@Suite("When the login node's processes die in the middle")
struct FaultTests {
    /// What is killed.
    enum Victim: String, Sendable, CaseIterable, CustomTestStringConvertible {
        /// The processes of sshd that hold the connection.
        case connection
        /// What does the work for it: the server of SFTP, or the command.
        case worker

        var testDescription: String { rawValue }
    }

    private static let cases: [(Cluster.FileAccess, Victim)] = [Cluster.FileAccess.exec, .sftp].flatMap { access in Victim.allCases.map { (access, $0) } }
    private static let content = [UInt8](repeating: 0x61, count: 300_000)

    @Test("an upload ends with an error, leaves nothing of itself, and the next one succeeds", arguments: cases)
    func upload(access: Cluster.FileAccess, victim: Victim) async throws {
        try await Self.withLoginNode(access: access) { fixture, node in
            #expect(try await fixture.upload(Array("old".utf8), named: "x").status == .noContent)
            let (pieces, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            let request = try fixture.request(
                .post, "upload", query: ["path": fixture.directory],
                headers: [.contentType: "multipart/form-data; boundary=\(MultipartForm.boundary)"], body: .stream(length: nil, pieces))
            let sending = Task { try await fixture.send(request) }
            continuation.yield(ByteBuffer(bytes: MultipartForm.head(fileName: "x")))
            for _ in 0..<4 { continuation.yield(ByteBuffer(bytes: Self.content)) }
            try await eventually("the file is on its way") { try Self.names(in: fixture.directory).count == 2 }
            Self.kill(victim, on: node)
            // What comes later finds the connection gone. The answer may come before the end of the request.
            for _ in 0..<4 { continuation.yield(ByteBuffer(bytes: Self.content)) }
            continuation.yield(ByteBuffer(string: "\r\n--\(MultipartForm.boundary)--\r\n"))
            continuation.finish()
            Self.expectClearError(try await sending.value)
            #expect(try LocalFile.content("\(fixture.directory)/x") == Array("old".utf8))
            // A script that is cut off finds out by itself.
            try await eventually("the part is gone") { try Self.names(in: fixture.directory) == ["x"] }

            #expect(try await fixture.upload(Self.content, named: "x").status == .noContent)
            #expect(try LocalFile.content("\(fixture.directory)/x") == Self.content)
            #expect(try Self.names(in: fixture.directory) == ["x"])
        }
    }

    @Test("a download never ends as if it were whole, and the next one succeeds", arguments: cases)
    func download(access: Cluster.FileAccess, victim: Victim) async throws {
        try await Self.withLoginNode(access: access) { fixture, node in
            let size = 40_000_000
            try await LocalCommand(script: #"head -c "$2" /dev/zero >"$1""#, "\(fixture.directory)/x", "\(size)").run(as: fixture.user)
            let exchange = try await fixture.exchange(fixture.request(.get, "download", query: ["path": "\(fixture.directory)/x"]))
            #expect(exchange.head.status == .ok)
            #expect(exchange.head.headerFields[.contentLength] == String(size))
            var body = exchange.body.makeAsyncIterator()
            var received = try await body.next()?.readableBytes ?? 0
            Self.kill(victim, on: node)
            await #expect(throws: HTTPClientError.self, "after \(received) bytes") {
                while let piece = try await body.next() { received += piece.readableBytes }
            }
            #expect(received < size)

            #expect(try await fixture.download("\(fixture.directory)/x").bytes.count == size)
        }
    }

    @Test("a removal says that it failed, and the next one goes on with it", arguments: cases)
    func remove(access: Cluster.FileAccess, victim: Victim) async throws {
        try await Self.withLoginNode(access: access) { fixture, node in
            let tree = "\(fixture.directory)/tree"
            let directories = 250
            try await LocalCommand(
                script: #"mkdir "$1"; cd "$1"; mkdir $(seq "$2"); for directory in *; do (cd "$directory"; touch $(seq 100)); done"#, tree, "\(directories)"
            ).run(as: fixture.user)
            let removing = Task { try await fixture.call(.delete, "rm", query: ["path": tree]) }
            try await eventually("the removal has begun") { try Self.names(in: tree).count < directories }
            Self.kill(victim, on: node)
            Self.expectClearError(try await removing.value)

            #expect(try await fixture.upload([1], named: "y").status == .noContent)
            // A command goes on when its connection is gone, and takes from the next one what that is about to remove.
            try await eventually("the rest is gone") {
                let answer = try await fixture.call(.delete, "rm", query: ["path": tree])
                #expect([.noContent, .notFound].contains(answer.status), "\(answer)")
                return try Self.names(in: fixture.directory) == ["y"]
            }
        }
    }

    @Test("a listing ends with an error or is begun anew, and the next one succeeds", arguments: [Cluster.FileAccess.exec, .sftp])
    func list(access: Cluster.FileAccess) async throws {
        try await Self.withLoginNode(access: access) { fixture, node in
            try await LocalCommand(script: #"cd "$1"; touch $(seq 20000)"#, fixture.directory).run(as: fixture.user)
            #expect(try await fixture.list("\(fixture.directory)/1").count == 1)
            // Stopped, they cannot have answered when they die.
            let workers = node.children
            for worker in workers { worker.stop() }
            let listing = Task { try await fixture.call(.get, "ls", query: ["path": fixture.directory]) }
            try await Task.sleep(for: .milliseconds(200))
            for worker in workers { worker.end() }
            // Nothing was done yet: asking once more on another connection is right, too.
            let answer = try await listing.value
            if answer.status != .ok { Self.expectClearError(answer) }
            #expect(try await fixture.list().count == 20_000)
        }
    }

    // MARK: -

    private static func withLoginNode(
        access: Cluster.FileAccess, _ body: @escaping @Sendable (FilesystemFixture, LoginNode) async throws -> Void
    ) async throws {
        let node = try await LoginNode.start(for: Stack())
        try await FilesystemFixture.with(
            limit: 50_000_000, access: access,
            configuring: { cluster in
                cluster.ssh.port = node.port
                cluster.ssh.knownHosts = nil
            }
        ) { fixture async throws in
            try await body(fixture, node)
        }
    }

    private static func kill(_ victim: Victim, on node: LoginNode) {
        let children = node.children
        let isWorker: (RemoteChild) -> Bool = { !$0.commandLine.hasPrefix("sshd: ") || $0.commandLine.contains("internal-sftp") }
        let victims = victim == .worker ? children.filter(isWorker) : children.filter { !isWorker($0) }
        #expect(!victims.isEmpty, "\(children.map(\.commandLine))")
        for victim in victims { victim.end() }
    }

    /// One that tells what was lost: the connection, or the command. What kills a command may be its time limit.
    private static func expectClearError(_ answer: Answer) {
        #expect([HTTPResponse.Status.failedDependency, .internalServerError, .requestTimeout].contains(answer.status), "\(answer)")
        let message = answer.error?.message ?? ""
        #expect(!message.isEmpty && !message.hasSuffix("error message:"), "\(answer)")
    }

    private static func names(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }
}

extension LocalFile {
    fileprivate static func content(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }
}
