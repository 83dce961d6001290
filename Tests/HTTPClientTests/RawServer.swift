import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A TCP server that follows a script per connection, for answers that no decent HTTP server gives.
final class RawServer: Sendable {
    let port: Int
    /// Connections so far, and those of them that the other side has ended or that the script has left.
    let accepted: Atomic<Int>
    let ended: Atomic<Int>

    private init(port: Int) {
        self.port = port
        accepted = Atomic(0)
        ended = Atomic(0)
    }

    var url: String { "http://127.0.0.1:\(port)" }

    static func run<Result: Sendable>(
        script: @escaping @Sendable (RawConnection) async throws -> Void,
        _ body: @Sendable (RawServer) async throws -> Result
    ) async throws -> Result {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 512)
            // Nothing is read before a task has taken the connection.
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in channel.eventLoop.makeSucceededFuture(channel) }
        guard let port = listener.channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        let server = RawServer(port: port)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.executeThenClose { connections in
                    await withTaskGroup(of: Void.self) { tasks in
                        do {
                            for try await channel in connections {
                                let index = server.accepted.add(1, ordering: .relaxed).newValue
                                tasks.addTask {
                                    // What goes wrong on one connection is for the client to report.
                                    try? await Self.serve(channel, index: index, script: script)
                                    server.ended.add(1, ordering: .relaxed)
                                }
                            }
                        } catch {}
                        tasks.cancelAll()
                    }
                }
            }
            do {
                let result = try await body(server)
                group.cancelAll()
                return result
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }
}

extension RawServer {
    private static func serve(
        _ channel: any Channel, index: Int, script: @Sendable (RawConnection) async throws -> Void
    ) async throws {
        let connection = try await channel.eventLoop.submit {
            let connection = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            try channel.syncOptions?.setOption(.autoRead, value: true)
            return connection
        }.get()
        try await connection.executeThenClose { inbound, outbound in
            try await script(RawConnection(index: index, channel: channel, inbound: inbound.makeAsyncIterator(), outbound: outbound))
        }
    }
}

/// One connection to a ``RawServer``. Used by its script's task only.
final class RawConnection {
    /// 1 for the first.
    let index: Int
    private let channel: any Channel
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread = ByteBuffer()

    init(
        index: Int, channel: any Channel, inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.index = index
        self.channel = channel
        self.inbound = inbound
        self.outbound = outbound
    }

    /// The next request's head with its empty line, or nil once the client has closed the connection.
    func readHead() async throws -> String? {
        while true {
            if let end = unread.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) {
                return unread.readString(length: end.upperBound - unread.readerIndex)
            }
            guard var more = try await inbound.next() else { return nil }
            unread.writeBuffer(&more)
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    func send(_ bytes: ByteBuffer) async throws {
        try await outbound.write(bytes)
    }

    /// Sends a whole response with a length.
    func respond(_ status: String = "200 OK", headers: String = "", body: String = "") async throws {
        try await send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Returns when the client has closed the connection.
    func waitForEnd() async throws {
        while try await inbound.next() != nil {}
    }

    /// Closes with a reset instead of an end.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }
}

extension RawConnection {
    /// Answers every request on the connection.
    func serve(_ body: String = "ok") async throws {
        while try await readHead() != nil { try await respond(body: body) }
    }
}
