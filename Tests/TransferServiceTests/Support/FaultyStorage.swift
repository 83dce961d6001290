import Foundation
import GoldcrestCryptography
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// An object storage with one object, which misbehaves as a test tells it to. It knows nothing of signatures.
final class FaultyStorage: Sendable {
    enum Operation: Sendable {
        case head, get, part, complete, abort
    }

    enum Fault: Sendable {
        /// An answer with the status, and the storage's words in the body.
        case status(Int, String)
        /// The connection breaks after so many bytes of the body.
        case cut(after: Int)
        /// So many bytes more or less than were asked for, in an answer that is whole.
        case length(Int)
        /// The whole object, whatever the range.
        case ignoresRange
        /// A success without what makes it one.
        case bare
    }

    struct State: Sendable {
        var object: [UInt8]?
        var parts: [Int: [UInt8]] = [:]
        var faults: [Operation: [Fault]] = [:]
        var asked: [Operation] = []
        /// The queries of the requests.
        var queries: [String] = []
        var isAborted = false
        /// How long an answer to a GET or PUT takes.
        var delay = Duration.zero
    }

    private struct Cut: Error {}

    private let current: Mutex<State>
    private let port = Mutex(0)

    private init(_ state: State) {
        current = Mutex(state)
    }

    var state: State { current.withLock(\.self) }

    func change(_ body: (inout State) -> Void) { current.withLock { body(&$0) } }

    func count(_ operation: Operation) -> Int { state.asked.count { $0 == operation } }

    /// A presigned URL as it were.
    func url(_ query: String = "") -> String { "http://127.0.0.1:\(port.withLock(\.self))/object?X-Amz-Signature=secret&\(query)" }

    /// Runs `body` with the storage.
    static func with(
        object: [UInt8]? = nil, faults: [Operation: [Fault]] = [:], _ body: @escaping @Sendable (FaultyStorage) async throws -> Void
    ) async throws {
        let storage = FaultyStorage(State(object: object, faults: faults))
        let router = Router()
        router.head("object") { request, _ in try await storage.answer(request, .head) { storage.head() } }
        router.get("object") { request, _ in try await storage.answer(request, .get) { try storage.get(request) } }
        router.put("object") { request, _ in try await storage.answer(request, .part) { try await storage.put(request) } }
        router.post("object") { request, _ in try await storage.answer(request, .complete) { try await storage.complete(request) } }
        router.delete("object") { request, _ in
            try await storage.answer(request, .abort) {
                storage.change { $0.isAborted = true }
                return Response(status: .noContent)
            }
        }
        let (ports, newPort) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "storage")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { newPort.yield($0.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            var iterator = ports.makeAsyncIterator()
            let number = await iterator.next() ?? 0
            storage.port.withLock { $0 = number }
            defer { group.cancelAll() }
            try await body(storage)
        }
    }

    // MARK: - Answers

    private func answer(_ request: Request, _ operation: Operation, _ normally: () async throws -> Response) async throws -> Response {
        let (fault, delay) = current.withLock { state in
            state.asked.append(operation)
            state.queries.append(request.uri.query ?? "")
            let fault = state.faults[operation]?.first
            if fault != nil { state.faults[operation]?.removeFirst() }
            return (fault, state.delay)
        }
        if operation == .get || operation == .part { try await Task.sleep(for: delay) }
        switch fault {
        case .none: return try await normally()
        case .status(let code, let words):
            // What is left of the body is read, or the client would hear of a broken connection instead.
            for try await _ in request.body {}
            return Response(status: .init(code: code), body: .init(byteBuffer: ByteBuffer(string: words)))
        case .cut(let count):
            if operation == .part || operation == .complete {
                // The answer is lost, but what was asked for may be done.
                if count > 0 { _ = try await normally() }
                return Response(status: .ok, body: ResponseBody(contentLength: 10) { _ in throw Cut() })
            }
            let bytes = ranged(request).bytes
            return Response(
                status: .partialContent,
                body: ResponseBody(contentLength: bytes.count) { writer in
                    try await writer.write(ByteBuffer(bytes: bytes.prefix(count)))
                    throw Cut()
                })
        case .length(let difference):
            let bytes = ranged(request).bytes
            let wrong = difference < 0 ? Array(bytes.dropLast(-difference)) : bytes + [UInt8](repeating: 0, count: difference)
            return Response(status: .partialContent, body: .init(byteBuffer: ByteBuffer(bytes: wrong)))
        case .ignoresRange: return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: state.object ?? [])))
        case .bare:
            for try await _ in request.body {}
            return Response(status: .ok)
        }
    }

    private func head() -> Response {
        guard let object = state.object else { return Response(status: .notFound) }
        return Response(status: .ok, body: ResponseBody(contentLength: object.count) { try await $0.finish(nil) })
    }

    private func get(_ request: Request) throws -> Response {
        let (bytes, isWhole) = ranged(request)
        return Response(status: isWhole ? .ok : .partialContent, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func ranged(_ request: Request) -> (bytes: [UInt8], isWhole: Bool) {
        let object = state.object ?? []
        let bounds = request.headers[.range]?.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) } ?? []
        guard bounds.count == 2, bounds[0] < object.count else { return (object, true) }
        return (Array(object[bounds[0]...min(bounds[1], object.count - 1)]), false)
    }

    private func put(_ request: Request) async throws -> Response {
        guard request.headers[.transferEncoding] == nil, let length = request.headers[.contentLength].flatMap({ Int($0) }) else {
            return Response(status: .notImplemented)
        }
        let body = try await request.body.collect(upTo: 64 << 20)
        guard body.readableBytes == length, let number = request.uri.queryParameters["partNumber"].flatMap({ Int($0) }) else {
            return Response(status: .badRequest)
        }
        let bytes = Array(body.readableBytesView)
        current.withLock { $0.parts[number] = bytes }
        return Response(status: .ok, headers: [.eTag: Self.tag(of: bytes)])
    }

    private func complete(_ request: Request) async throws -> Response {
        let text = String(buffer: try await request.body.collect(upTo: 4 << 20))
        let parts = state.parts.sorted { $0.key < $1.key }
        guard !parts.isEmpty else { return Response(status: .notFound) }
        let expected = parts.map { "<Part><PartNumber>\($0.key)</PartNumber><ETag>\(Self.tag(of: $0.value))</ETag></Part>" }
        guard request.headers[.contentType] == "application/xml", text.split(separator: "\n").dropFirst().dropLast().elementsEqual(expected, by: ==)
        else { return Response(status: .badRequest, body: .init(byteBuffer: ByteBuffer(string: "<Error><Code>MalformedXML</Code></Error>"))) }
        current.withLock { $0.object = parts.flatMap(\.value); $0.parts = [:] }
        return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")))
    }

    private static func tag(of bytes: [UInt8]) -> String { "\"\(SHA256.digest(of: bytes).hexadecimal)\"" }
}
