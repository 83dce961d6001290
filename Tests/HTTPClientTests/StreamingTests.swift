import GoldcrestHTTPClient
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

/// One after another, because they look at the memory of the process.
@Suite(.serialized)
struct StreamingTests {
    private static let pieceSize = 64 * 1024
    private static let pieceCount = 200 * 16
    private static let totalSize = pieceSize * pieceCount
    /// Far less than the bodies.
    private static let memoryLimit = 80 << 20

    @Test("200 MB come down in bounded memory")
    func download() async throws {
        try await withServer { router in
            router.get("/") { _, _ in
                Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        for index in 0..<Self.pieceCount {
                            try await writer.write(ByteBuffer(repeating: UInt8(truncatingIfNeeded: index), count: Self.pieceSize))
                        }
                        try await writer.finish(nil)
                    })
            }
        } _: { url in
            try await withClient { client in
                let before = try residentMemory()
                let exchange = try await client.exchange(HTTPClientRequest(url: url), deadline: .seconds(10))
                var count = 0
                var peak = before
                for try await part in exchange.body {
                    let expected = UInt8(truncatingIfNeeded: count / Self.pieceSize)
                    #expect(part.readableBytesView.first == expected)
                    count += part.readableBytes
                    peak = max(peak, try residentMemory())
                }
                #expect(count == Self.totalSize)
                #expect(peak - before < Self.memoryLimit)
            }
        }
    }

    @Test("200 MB go up in bounded memory, with a length and without one", arguments: [true, false])
    func upload(hasLength: Bool) async throws {
        try await withServer { router in
            router.put("/") { request, _ in
                var count = 0
                var sum = 0
                for try await part in request.body {
                    count += part.readableBytes
                    sum &+= Int(part.readableBytesView.first ?? 0)
                }
                return "\(count) \(request.headers[.contentLength] ?? "-") \(request.headers[.transferEncoding] ?? "-")"
            }
        } _: { url in
            try await withClient { client in
                let before = try residentMemory()
                let peak = Shared(before)
                let pieces = Pieces(count: Self.pieceCount) { index in
                    let memory = try residentMemory()
                    peak.value.withLock { $0 = max($0, memory) }
                    return ByteBuffer(repeating: UInt8(truncatingIfNeeded: index), count: Self.pieceSize)
                }
                let request = HTTPClientRequest(
                    method: .put, url: url, body: .stream(length: hasLength ? Self.totalSize : nil, pieces))
                let response = try await client.collect(request, upTo: 100, deadline: .seconds(60))
                #expect(String(buffer: response.body) == "\(Self.totalSize) " + (hasLength ? "\(Self.totalSize) -" : "- chunked"))
                #expect(peak.value.withLock { $0 } - before < Self.memoryLimit)
            }
        }
    }

    @Test("both bodies flow at the same time")
    func echo() async throws {
        try await withServer { router in
            router.post("/") { request, _ in Response(status: .ok, body: ResponseBody(asyncSequence: request.body)) }
        } _: { url in
            try await withClient { client in
                let read = Shared(0)
                // Each piece waits until the one before has come back.
                let pieces = Pieces(count: 50) { index in
                    try await eventually("the echo of piece \(index)") { read.value.withLock { $0 } == index * 1000 }
                    return ByteBuffer(repeating: UInt8(index), count: 1000)
                }
                let request = HTTPClientRequest(method: .post, url: url, body: .stream(length: nil, pieces))
                let exchange = try await client.exchange(request, deadline: .seconds(10))
                for try await part in exchange.body { read.value.withLock { $0 += part.readableBytes } }
                #expect(read.value.withLock { $0 } == 50_000)
            }
        }
    }

    @Test("a slow reader makes the server wait, for longer than a body may stand still, and loses nothing")
    func slowReader() async throws {
        let total = 64 << 20
        let sent = Shared(0)
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            for _ in 0..<(total / 65_536) {
                try await connection.send(ByteBuffer(repeating: 7, count: 65_536))
                sent.value.withLock { $0 += 65_536 }
            }
            try await connection.waitForEnd()
        } _: { server in
            try await withClient({ $0.bodyInactivityLimit = .milliseconds(100) }) { client in
                let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
                let stalled = try await settled { sent.value.withLock { $0 } }
                // What the sockets' buffers hold.
                #expect(stalled < total / 2)
                var count = 0
                for try await part in exchange.body { count += part.readableBytes }
                #expect(count == total)
            }
        }
    }

    @Test("a slow server makes the request's sequence wait")
    func slowServer() async throws {
        try await RawServer.run { connection in
            try await Task.sleep(for: .seconds(60))
            withExtendedLifetime(connection) {}
        } _: { server in
            try await withClient { client in
                let made = Shared(0)
                let pieces = Pieces(count: 10_000) { _ in
                    made.value.withLock { $0 += 65_536 }
                    return ByteBuffer(repeating: 1, count: 65_536)
                }
                let request = HTTPClientRequest(method: .put, url: server.url, body: .stream(length: nil, pieces))
                async let result = errorCode { try await client.collect(request, upTo: 100, deadline: .seconds(2)) }
                let stalled = try await settled { made.value.withLock { $0 } }
                #expect(stalled < 32 << 20)
                #expect(await result == .timedOut)
            }
        }
    }

    @Test("an early refusal is delivered although the request's body never ends", arguments: [true, false], ["", "Connection: close\r\n"])
    func earlyResponse(hasLength: Bool, headers: String) async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.respond("413 Content Too Large", headers: headers, body: "too much")
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let isCancelled = Shared(false)
                let pieces = Pieces(count: 10) { index in
                    if index > 0 {
                        do {
                            try await Task.sleep(for: .seconds(60))
                        } catch {
                            isCancelled.value.withLock { $0 = true }
                            throw error
                        }
                    }
                    return ByteBuffer(repeating: 1, count: 1000)
                }
                let request = HTTPClientRequest(method: .post, url: server.url, body: .stream(length: hasLength ? 10_000 : nil, pieces))
                let response = try await client.collect(request, upTo: 100, deadline: .seconds(5))
                #expect(response.head.status.code == 413)
                #expect(String(buffer: response.body) == "too much")
                try await eventually("the sequence is cancelled") { isCancelled.value.withLock { $0 } }
            }
        }
    }

    @Test("an early refusal stops an upload that is under way")
    func earlyResponseToFastUpload() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.respond("413 Content Too Large", body: "too much")
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let pieces = Pieces(count: 1_000_000) { _ in ByteBuffer(repeating: 1, count: 65_536) }
                let request = HTTPClientRequest(method: .post, url: server.url, body: .stream(length: nil, pieces))
                let response = try await client.collect(request, upTo: 100, deadline: .seconds(10))
                #expect(response.head.status.code == 413)
                try await eventually("the connection is closed") { server.ended.load(ordering: .relaxed) == 1 }
            }
        }
    }

    @Test("an error of the request's sequence fails the exchange and comes with it")
    func sequenceError() async throws {
        struct Broken: Error {}
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let pieces = Pieces(count: 10) { index in
                    if index == 3 { throw Broken() }
                    return ByteBuffer(repeating: 1, count: 1000)
                }
                let request = HTTPClientRequest(method: .post, url: server.url, body: .stream(length: nil, pieces))
                let error = await #expect(throws: HTTPClientError.self) {
                    try await client.exchange(request, deadline: .seconds(5))
                }
                #expect(error?.code == .requestBodyFailed)
                #expect(error?.underlyingError is Broken)
                // The sequence may be faster than the connection, which is not made then.
                try await eventually("no connection is open") {
                    server.ended.load(ordering: .relaxed) == server.accepted.load(ordering: .relaxed)
                }
            }
        }
    }

    @Test("a sequence of another length than promised fails the exchange", arguments: [9_999, 10_001, 0, 50_000])
    func wrongLength(length: Int) async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let pieces = Pieces(count: 10) { _ in ByteBuffer(repeating: 1, count: 1000) }
                let request = HTTPClientRequest(method: .post, url: server.url, body: .stream(length: length, pieces))
                #expect(await errorCode { try await client.exchange(request, deadline: .seconds(5)) } == .requestBodyFailed)
            }
        }
    }

    @Test("a small response is there as a whole with its head")
    func bufferedBody() async throws {
        try await RawServer.run { try await $0.serve("small") } _: { server in
            try await withClient { client in
                let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
                #expect(exchange.body.bufferedBody == ByteBuffer(string: "small"))
                var parts: [String] = []
                for try await part in exchange.body { parts.append(String(buffer: part)) }
                #expect(parts == ["small"])
            }
        }
    }
}
