import GoldcrestConfiguration
import GoldcrestHTTPClient
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

@testable import TransferService

/// A storage that answers as no decent one does on demand. It checks nothing: what real servers think of the requests is for the tests on the stack.
final class FakeStorage: Sendable {
    struct Answer: Sendable {
        var status: HTTPResponse.Status = .ok
        var text = ""
        var fields: HTTPFields = [:]

        static func error(_ status: HTTPResponse.Status, _ code: String) -> Answer {
            Answer(
                status: status,
                text: "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>AKIDSECRET is wrong</Message><RequestId>r-1</RequestId></Error>")
        }
    }

    struct Call: Sendable, Equatable {
        let method: String
        /// With the query.
        let path: String
        let body: String

        fileprivate var isAboutBucket: Bool { path == "/alice" || path == "/alice?lifecycle=" }
    }

    private struct State: Sendable {
        var calls: [Call] = []
        var log: [String] = []
    }

    private let state = Mutex(State())
    private let answer: @Sendable (Call, _ number: Int) -> Answer

    private init(_ answer: @escaping @Sendable (Call, Int) -> Answer) {
        self.answer = answer
    }

    /// What was asked, but for the buckets' making ready.
    var calls: [Call] { state.withLock { $0.calls.filter { !$0.isAboutBucket } } }

    /// What was asked about the bucket itself.
    var bucketCalls: [String] {
        state.withLock { $0.calls.filter(\.isAboutBucket).map { "\($0.method) \($0.path)" } }
    }

    /// The messages of the log with their metadata.
    var log: [String] { state.withLock { $0.log } }

    /// Runs `body` with a store on a storage.
    ///
    /// - Parameters:
    ///   - region: Of the storage.
    ///   - answer: What the storage says to a call, of which the first has the number 1.
    static func with(
        region: String = "us-east-1", answer: @escaping @Sendable (Call, _ number: Int) -> Answer,
        _ body: @escaping @Sendable (ObjectStore, FakeStorage) async throws -> Void
    ) async throws {
        let fake = FakeStorage(answer)
        let (ports, port) = AsyncStream<Int>.makeStream()
        var quiet = Logger(label: "storage")
        quiet.logLevel = .critical
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in try await fake.respond(to: request) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            for await port in ports {
                let client = HTTPClient(logger: quiet)
                let log = Logger(label: "store") { _ in StorageLog { line in fake.state.withLock { $0.log.append(line) } } }
                try await body(ObjectStore(.fake(port: port, region: region), client: client, logger: log), fake)
                await client.shutdown()
                break
            }
            group.cancelAll()
        }
    }

    private func respond(to request: Request) async throws -> Response {
        let sent = try await request.body.collect(upTo: 1 << 20)
        let call = Call(method: request.method.rawValue, path: request.uri.string, body: String(buffer: sent))
        let number = state.withLock { state in
            state.calls.append(call)
            return state.calls.count
        }
        let answer = answer(call, number)
        // The answer to HEAD is told by its length.
        let body =
            call.method == "HEAD"
            ? ResponseBody(contentLength: Int(answer.text) ?? 0) { try await $0.finish(nil) }
            : ResponseBody(byteBuffer: ByteBuffer(string: answer.text))
        return Response(status: answer.status, headers: answer.fields, body: body)
    }
}

extension Cluster.DataTransfer.S3 {
    static func fake(port: Int, region: String = "us-east-1") -> Self {
        .init(
            name: "storage", privateURL: Secret("http://127.0.0.1:\(port)"), publicURL: "https://s3.example.org", accessKeyID: Secret("AKIDSECRET"),
            secretAccessKey: Secret("VERYSECRET"), region: region, ttl: .seconds(60))
    }
}

/// A log that hands its lines on.
private struct StorageLog: LogHandler {
    let write: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    init(write: @escaping @Sendable (String) -> Void) {
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        write("\(event.level): \(event.message) \(event.metadata ?? [:])")
    }
}
