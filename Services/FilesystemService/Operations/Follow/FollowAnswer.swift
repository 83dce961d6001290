import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The answer that shows what is appended to a file until its client leaves.
struct FollowAnswer: Sendable {
    private static let heartbeatInterval = Duration.seconds(15)
    /// Clients connect again by themselves then, and go on where the last event ended.
    private static let longest = Duration.seconds(24 * 3600)

    private let files: any FileSystemAccess
    private let path: AbsolutePath
    private let user: SSHUser
    private let place: FollowerLimit.Place
    private let logger: Logger
    /// Where the file is followed from.
    private let offset: Int
    /// Whether that is the beginning of another content than the client knows.
    private let isRestart: Bool

    /// - Throws: What is wrong with the file.
    init(_ operation: FileOperation, from start: FollowStart, place: FollowerLimit.Place, logger: Logger) async throws {
        files = operation.files
        path = operation.path
        user = operation.user
        self.place = place
        self.logger = logger
        (offset, isRestart) = try await start.offset(for: operation)
    }

    func response(on channel: any Channel, disconnects: ClientDisconnects) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                // The place is taken for as long as this closure is held.
                defer { withExtendedLifetime(place) {} }
                let stream = try await events()
                let registration = disconnects.observe(channel) { stream.cancel() }
                defer {
                    registration.end()
                    stream.cancel()
                }
                try await withGracefulShutdownHandler {
                    do {
                        while let bytes = try await stream.next() { try await writer.write(bytes) }
                    } catch is CancellationError {}
                } onGracefulShutdown: {
                    // The client goes on with another service.
                    stream.cancel()
                }
                try await writer.finish(nil)
            })
    }

    /// The text of the events; its error is the last of them.
    private func events() async throws -> ContentStream<Void> {
        try await ContentStream(within: Self.longest * 2) { report in
            try await report(.head(()))
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await Task.sleep(for: Self.longest) }
                group.addTask {
                    while true {
                        try await report(.bytes(FollowEvents.heartbeat))
                        try await Task.sleep(for: Self.heartbeatInterval)
                    }
                }
                group.addTask { try await follow(report) }
                try await group.next()
            }
        }
    }

    private func follow(_ report: @escaping @Sendable (ContentStream<Void>.Piece) async throws -> Void) async throws {
        do {
            if isRestart {
                var events = FollowEvents(from: offset)
                try await report(.bytes(events.restart()))
            }
            var start = offset
            while true {
                let events = Mutex(FollowEvents(from: start))
                let excerpt = try Excerpt(.tail, lines: nil, bytes: start, skipping: true)
                try await files.follow(path, from: excerpt, as: user) { bytes in
                    let event = events.withLock { $0.content(bytes) }
                    if event.readableBytes > 0 { try await report(.bytes(event)) }
                }
                let restart = events.withLock { $0.restart() }
                try await report(.bytes(restart))
                start = 0
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try await report(.bytes(FollowEvents.failure(APIError(telling: error, logger: logger), user: user.name)))
        }
    }
}
