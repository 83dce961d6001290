import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("The same requests through both back ends")
struct DifferentialTests {
    /// Requests that belong together.
    enum Reading: String, CaseIterable, Sendable {
        case listings, stats, excerpts, views, digests, downloads

        var requests: [FileRequest] {
            switch self {
            case .listings: FileRequest.listings
            case .stats: FileRequest.stats
            case .excerpts: FileRequest.excerpts
            case .views: FileRequest.views
            case .digests: FileRequest.digests
            case .downloads: FileRequest.downloads
            }
        }
    }

    @Test("reading is answered alike", arguments: Reading.allCases)
    func reading(kind: Reading) async throws {
        try await Self.withBoth { exec, sftp in
            let tree = try await ExampleTree.forReading("\(exec.directory)/tree", user: exec.user, otherUser: exec.otherUser)
            let comparison = try await Comparison.of(kind.requests) { request in
                try await Self.answers(to: request, exec, in: tree.path, sftp, in: tree.path)
            }
            comparison.report()
        }
    }

    @Test("times are those of the system's zone, in summer and in winter", arguments: ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
    func zones(zone: String) async throws {
        let node = try await LoginNode.start(for: Stack(), options: ["SetEnv TZ=\(zone)"])
        try await Self.withBoth(configuring: { cluster in
            cluster.ssh.port = node.port
            cluster.ssh.knownHosts = nil
            cluster.timezone = zone
        }) { exec, sftp in
            let tree = try await ExampleTree.forReading("\(exec.directory)/tree", user: exec.user, otherUser: exec.otherUser)
            let comparison = try await Comparison.of([.get("ls", "times")]) { request in
                try await Self.answers(to: request, exec, in: tree.path, sftp, in: tree.path)
            }
            comparison.report()
        }
    }

    @Test("a pipe whose other end nobody opens is told alike")
    func pipes() async throws {
        try await Self.withBoth(commandTime: .seconds(3)) { exec, sftp in
            let tree = try await ExampleTree.forChanging("\(exec.directory)/tree", user: exec.user, otherUser: exec.otherUser)
            let comparison = try await Comparison.of(FileRequest.pipes) { request in
                try await Self.answers(to: request, exec, in: tree.path, sftp, in: tree.path)
            }
            comparison.report()
        }
    }

    enum Change: String, CaseIterable, Sendable {
        case directoriesMade, linksMade, modesChanged, ownersChanged, removals, uploads, copies, archives

        func requests(for fixture: FilesystemFixture) -> [FileRequest] {
            switch self {
            case .directoriesMade: FileRequest.directoriesMade
            case .linksMade: FileRequest.linksMade
            case .modesChanged: FileRequest.modesChanged
            case .ownersChanged: FileRequest.ownersChanged(user: fixture.user)
            case .removals: FileRequest.removals
            case .uploads: FileRequest.uploads(limit: DifferentialTests.limit)
            case .copies: FileRequest.copies
            case .archives: FileRequest.archives
            }
        }
    }

    @Test("a change is answered alike and changes the same", arguments: Change.allCases)
    func changing(kind: Change) async throws {
        try await Self.withBoth { exec, sftp in
            let comparison = try await Comparison.of(kind.requests(for: exec)) { request in
                // Both paths have the same length, so that both meet the same limits.
                let name = "\(UInt64.random(in: .min ... .max))"
                let first = try await ExampleTree.forChanging("\(exec.directory)/exec\(name)", user: exec.user, otherUser: exec.otherUser)
                let second = try await ExampleTree.forChanging("\(exec.directory)/sftp\(name)", user: exec.user, otherUser: exec.otherUser)
                var pair = try await Self.answers(to: request, exec, in: first.path, sftp, in: second.path)
                pair.states = (try await first.snapshot(), try await second.snapshot())
                try await first.remove()
                try await second.remove()
                return pair
            }
            comparison.report()
        }
    }

    // MARK: -

    /// Of files, in bytes.
    private static let limit = 600_000

    private static func withBoth(
        commandTime: Duration = .seconds(20), configuring change: @escaping @Sendable (inout Cluster) -> Void = { _ in },
        _ body: @escaping @Sendable (_ exec: FilesystemFixture, _ sftp: FilesystemFixture) async throws -> Void
    ) async throws {
        try await FilesystemFixture.with(limit: limit, commandTime: commandTime, access: .exec, configuring: change) { exec async throws in
            try await FilesystemFixture.with(limit: limit, commandTime: commandTime, access: .sftp, configuring: change) { sftp async throws in
                let result: Result<Void, any Error>
                do { result = .success(try await body(exec, sftp)) } catch { result = .failure(error) }
                try await ExampleTree.unlock(exec.directory)
                try result.get()
            }
        }
    }

    private static func answers(
        to request: FileRequest, _ exec: FilesystemFixture, in first: String, _ sftp: FilesystemFixture, in second: String
    ) async throws -> AnswerPair {
        AnswerPair(
            request: request, exec: ComparableAnswer(try await exec.send(request.request(to: exec, tree: first)), tree: first),
            sftp: ComparableAnswer(try await sftp.send(request.request(to: sftp, tree: second)), tree: second))
    }
}
