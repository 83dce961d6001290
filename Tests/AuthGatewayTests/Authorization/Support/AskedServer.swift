import Foundation
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A server that answers policies as a test wants, and remembers what they asked.
final class AskedServer: Sendable {
    struct Question: Sendable {
        let path: String
        let authorization: String?
        let body: GoldcrestProtocol.JSONValue
    }

    private let state = Mutex(State())

    private struct State {
        var questions: [Question] = []
        var running = 0
        var mostAtOnce = 0
    }

    var questions: [Question] { state.withLock(\.questions) }
    /// How many questions there were at a time.
    var mostAtOnce: Int { state.withLock(\.mostAtOnce) }

    /// Runs a server on a free port for as long as `body` runs, which gets its base URL.
    static func run(
        answering answer: @escaping @Sendable (Question) async throws -> Response,
        _ body: @escaping @Sendable (_ server: AskedServer, _ url: String) async throws -> Void
    ) async throws {
        let server = AskedServer()
        let disconnects = ClientDisconnects()
        let router = Router(context: APIRequestContext.self)
        router.add(middleware: DisconnectMiddleware(disconnects: disconnects))
        router.post("**") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let question = Question(
                path: request.uri.string, authorization: request.headers[.authorization],
                body: try JSONDecoder().decode(GoldcrestProtocol.JSONValue.self, from: Data(bytes.readableBytesView)))
            server.begin(question)
            defer { server.end() }
            return try await answer(question)
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = ServiceAssembly(responder: router.buildResponder(), disconnects: disconnects, logger: logger)
        try await service.withRunningServer { port in try await body(server, "http://127.0.0.1:\(port)") }
    }

    /// Answers every question alike.
    static func run(
        answering status: HTTPResponse.Status, _ text: String = "", headers: HTTPFields = [:],
        _ body: @escaping @Sendable (_ server: AskedServer, _ url: String) async throws -> Void
    ) async throws {
        try await run(
            answering: { _ in Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text))) }, body)
    }

    private func begin(_ question: Question) {
        state.withLock { state in
            state.questions.append(question)
            state.running += 1
            state.mostAtOnce = max(state.mostAtOnce, state.running)
        }
    }

    private func end() { state.withLock { $0.running -= 1 } }
}
