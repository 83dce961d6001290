import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A server that answers as no slurmrestd should, for faults that the real one does not make on demand.
final class FakeSlurmrestd: Sendable {
    enum Answer: Sendable {
        case json(String, status: Int = 200)
        case text(_ status: Int, String, type: String = "text/plain")
        /// The head, and of the body no more than some bytes, then the end of the connection.
        case cut(String, after: Int)
        /// The head and the beginning of the body, then nothing.
        case stall(String)
        /// Nothing.
        case silence
    }

    let url: String
    private let requestsSeen = Mutex<[String]>([])

    /// The heads of all requests so far.
    var requests: [String] { requestsSeen.withLock { $0 } }

    private init(port: Int) {
        url = "http://127.0.0.1:\(port)"
    }

    /// - Parameter answer: What to say to a request, by its first line.
    static func with<Result: Sendable>(
        _ answer: @escaping @Sendable (String) -> Answer, _ body: (FakeSlurmrestd) async throws -> Result
    ) async throws -> Result {
        let server = Mutex<FakeSlurmrestd?>(nil)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Talk { head in
                            server.withLock { $0 }?.requestsSeen.withLock { $0.append(head) }
                            return answer(String(head.prefix { $0 != "\r\n" }))
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let fake = FakeSlurmrestd(port: channel.localAddress?.port ?? 0)
        server.withLock { $0 = fake }
        do {
            let result = try await body(fake)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class Talk: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: (String) -> Answer
        private var head = ""

        init(_ answer: @escaping (String) -> Answer) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !head.contains("\r\n\r\n") else { return }
            head += String(buffer: unwrapInboundIn(data))
            guard head.contains("\r\n\r\n") else { return }
            switch answer(head) {
            case .json(let body, let status): send(status, "application/json", body, context)
            case .text(let status, let body, let type): send(status, type, body, context)
            case .cut(let body, let count): send(200, "application/json", body, context, only: count)
            case .stall(let body): send(200, "application/json", body, context, only: body.utf8.count / 2, closes: false)
            case .silence: break
            }
        }

        private func send(_ status: Int, _ type: String, _ body: String, _ context: ChannelHandlerContext, only count: Int? = nil, closes: Bool = true) {
            var buffer = ByteBuffer(
                string: "HTTP/1.1 \(status) Status\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n")
            buffer.writeBytes(body.utf8.prefix(count ?? body.utf8.count))
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in if closes { channel.close(promise: nil) } }
        }
    }
}
