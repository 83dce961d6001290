import Logging
import Synchronization

extension PostgresPool {
    /// How many notifications wait for a slow reader before the oldest are dropped and it is told to read anew.
    private static let bufferedNotifications = 256
    /// How often a silent connection is asked whether it still lives.
    private static let heartbeat = Duration.seconds(30)

    /// Listens to a channel on a connection of its own and connects again by itself.
    ///
    /// The first element is `reconnected`, as soon as listening has begun; from then on nothing is missed without another `reconnected`.
    /// The stream ends when its reader's task is cancelled, the stream is let go or the pool is closed.
    public func notifications(on channel: String) -> AsyncStream<PostgresNotification> {
        let (stream, continuation) = AsyncStream<PostgresNotification>.makeStream(bufferingPolicy: .bufferingNewest(Self.bufferedNotifications))
        let id = state.withLock { state in
            state.addListener { id in
                Task.detached {
                    await self.listen(on: channel, continuation)
                    continuation.finish()
                    self.state.withLock { $0.removeListener(id) }
                }
            }
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] }?.cancel()
        }
        return stream
    }

    private func listen(on channel: String, _ continuation: AsyncStream<PostgresNotification>.Continuation) async {
        // The channel is an identifier, which cannot be a parameter: quoted as PQescapeIdentifier does it.
        let isValid = !channel.isEmpty && !channel.utf8.contains(0)
        guard isValid else {
            logger.error("A channel's name is empty or holds NUL; nothing listens to it")
            return
        }
        let listen = SQL(trusted: "LISTEN \"\(channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\"")
        var failures = 0
        while !Task.isCancelled {
            do {
                let connection = try await PostgresConnection.open(endpoint, until: .now + Self.connectTimeout)
                _ = try await connection.run(.init(listen), until: .now + .seconds(5))
                failures = 0
                continuation.yield(.reconnected)
                try await relay(connection, to: continuation)
            } catch {
                failures = min(failures + 1, 6)
                logger.debug("A listener lost its connection to the database", metadata: ["postgres.channel": "\(channel)", "error": "\(error)"])
                let pause = min(Duration.milliseconds(50 << failures), .seconds(2)) * Double.random(in: 0.75...1.25)
                try? await Task.sleep(for: pause)
            }
        }
    }

    private func relay(_ connection: PostgresConnection, to continuation: AsyncStream<PostgresNotification>.Continuation) async throws {
        while true {
            let payloads = try await connection.notifications(until: .now + Self.heartbeat)
            if payloads.isEmpty { _ = try await connection.run(.init("SELECT 1"), until: .now + .seconds(5)) }
            for payload in payloads {
                if case .dropped = continuation.yield(.received(payload: payload)) { continuation.yield(.reconnected) }
            }
        }
    }
}
