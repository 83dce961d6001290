import Glibc
import GoldcrestHTTPClient
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

/// Runs the body with a client that is shut down afterwards.
func withClient<Result: Sendable>(
    _ configure: (inout HTTPClient.Configuration) -> Void = { _ in }, _ body: (HTTPClient) async throws -> Result
) async throws -> Result {
    var configuration = HTTPClient.Configuration()
    configure(&configuration)
    let client = HTTPClient(configuration: configuration, logger: Logger(label: "test"))
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}

/// Runs a Hummingbird server on a free port and the body with its URL.
func withServer<Result: Sendable>(
    _ routes: (Router<BasicRequestContext>) -> Void, _ body: @escaping @Sendable (String) async throws -> Result
) async throws -> Result {
    let router = Router()
    routes(router)
    let (ports, port) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "server")
    logger.logLevel = .critical
    let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: logger)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await application.runService(gracefulShutdownSignals: []) }
        var iterator = ports.makeAsyncIterator()
        let number = try #require(await iterator.next())
        do {
            let result = try await body("http://127.0.0.1:\(number)")
            group.cancelAll()
            return result
        } catch {
            group.cancelAll()
            throw error
        }
    }
}

struct ConditionNotReached: Error {
    let what: String
}

/// Asks again and again, because a fixed sleep is too short or too long.
func eventually(
    _ what: String, within limit: Duration = .seconds(10), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw ConditionNotReached(what: what)
}

/// Waits until a number no longer changes, and gives it.
func settled(_ value: () -> Int) async throws -> Int {
    var last = value()
    var repetitions = 0
    try await eventually("a number settles") {
        try await Task.sleep(for: .milliseconds(30))
        let current = value()
        repetitions = current == last && current > 0 ? repetitions + 1 : 0
        last = current
        return repetitions == 10
    }
    return last
}

/// The code of the error that the body throws.
func errorCode(of body: () async throws -> some Any) async -> HTTPClientError.Code? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? HTTPClientError)?.code
    }
}

/// Resident memory of this process in bytes.
func residentMemory() throws -> Int {
    let file = try #require(fopen("/proc/self/statm", "r"))
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    let read = line.withUnsafeMutableBufferPointer { fgets($0.baseAddress, 128, file) != nil }
    try #require(read)
    let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
    return try #require(Int(fields[1])) * 4096
}

/// Pieces made on demand, as many as wanted.
struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let count: Int
    let next: @Sendable (Int) async throws -> ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        let pieces: Pieces
        var index = 0

        mutating func next() async throws -> ByteBuffer? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBuffer? {
            guard index < pieces.count else { return nil }
            defer { index += 1 }
            return try await pieces.next(index)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self) }
}
