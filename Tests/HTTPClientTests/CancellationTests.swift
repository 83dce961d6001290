import GoldcrestHTTPClient
import HTTPTypes
import NIOCore
import Synchronization
import Testing

struct CancellationTests {
    /// Where a server stops so that the client waits.
    enum Phase: CaseIterable {
        case tlsHandshake, head, requestBody, body
    }

    @Test("cancelling the task ends the exchange and its connection in every phase", arguments: Phase.allCases)
    func task(phase: Phase) async throws {
        try await RawServer.run { connection in
            if phase == .head || phase == .body { _ = try await connection.readHead() }
            if phase == .body { try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin") }
            if phase == .requestBody { try await Task.sleep(for: .seconds(60)) }
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let hasBegun = Shared(false)
                let task = Task {
                    await errorCode {
                        let scheme = phase == .tlsHandshake ? "https" : "http"
                        var request = HTTPClientRequest(method: .put, url: "\(scheme)://127.0.0.1:\(server.port)/")
                        if phase == .requestBody {
                            let pieces = Pieces(count: 100_000) { _ in
                                hasBegun.value.withLock { $0 = true }
                                return ByteBuffer(repeating: 1, count: 65_536)
                            }
                            request.body = .stream(length: nil, pieces)
                        }
                        let exchange = try await client.exchange(request, deadline: .seconds(30))
                        for try await _ in exchange.body { hasBegun.value.withLock { $0 = true } }
                    }
                }
                try await eventually("the phase is reached") {
                    let needsBody = phase == .requestBody || phase == .body
                    return server.accepted.load(ordering: .relaxed) == 1 && (!needsBody || hasBegun.value.withLock { $0 })
                }
                task.cancel()
                #expect(await task.value == .cancelled)
                // This server does not read, so it cannot see the end before its script is over.
                guard phase != .requestBody else { return }
                try await eventually("the server sees the end") { server.ended.load(ordering: .relaxed) == 1 }
            }
        }
    }

    @Test("a cancelled task makes no request")
    func before() async throws {
        try await RawServer.run { try await $0.serve() } _: { server in
            try await withClient { client in
                let task = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return await errorCode { try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5)) }
                }
                task.cancel()
                #expect(await task.value == .cancelled)
                _ = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
                #expect(server.accepted.load(ordering: .relaxed) == 1)
            }
        }
    }

    private func answerEndlessly(_ connection: RawConnection) async throws {
        guard try await connection.readHead() != nil else { return }
        try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        while true { try await connection.send(ByteBuffer(repeating: 1, count: 65_536)) }
    }

    @Test("an exchange that is dropped unread ends its connection")
    func dropped() async throws {
        try await RawServer.run { try await self.answerEndlessly($0) } _: { server in
            try await withClient { client in
                _ = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
                try await eventually("the server sees the end") { server.ended.load(ordering: .relaxed) == 1 }
            }
        }
    }

    @Test("a body keeps its exchange going, and its drop ends it")
    func bodyOutlivesExchange() async throws {
        try await RawServer.run { try await self.answerEndlessly($0) } _: { server in
            try await withClient { client in
                do {
                    let body = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5)).body
                    var count = 0
                    for try await part in body {
                        count += part.readableBytes
                        if count > 10 << 20 { break }
                    }
                    #expect(server.ended.load(ordering: .relaxed) == 0)
                }
                try await eventually("the server sees the end") { server.ended.load(ordering: .relaxed) == 1 }
            }
        }
    }

    @Test("a prepared exchange can be cancelled before it begins, and while its response is waited for, from outside")
    func prepared() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let request = HTTPClientRequest(url: server.url)
                let early = try client.prepare(request, deadline: .seconds(5))
                early.cancel()
                #expect(await errorCode { try await early.begin() } == .cancelled)
                #expect(server.accepted.load(ordering: .relaxed) == 0)

                let late = try client.prepare(request, deadline: .seconds(30))
                async let waiting = errorCode { try await late.begin() }
                try await eventually("the request is there") { server.accepted.load(ordering: .relaxed) == 1 }
                late.cancel()
                #expect(await waiting == .cancelled)
            }
        }
    }

    @Test("cancel() ends the connection at once and wakes the reader")
    func explicit() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
                async let reading = errorCode { for try await _ in exchange.body {} }
                try await Task.sleep(for: .milliseconds(20))
                exchange.cancel()
                exchange.cancel()
                #expect(await reading == .cancelled)
                try await eventually("the server sees the end") { server.ended.load(ordering: .relaxed) == 1 }
            }
        }
    }

    @Test("a body has one reader")
    func twoReaders() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
                let codes = await withTaskGroup(of: HTTPClientError.Code?.self) { group in
                    for _ in 0..<2 { group.addTask { await errorCode { for try await _ in exchange.body {} } } }
                    let first = await group.next() ?? nil
                    exchange.cancel()
                    return [first, await group.next() ?? nil]
                }
                #expect(codes == [.invalidRequest, .cancelled])
            }
        }
    }

    @Test("a storm of cancellations leaves the client working")
    func storm() async throws {
        try await RawServer.run { try await $0.serve(String(repeating: "x", count: 100_000)) } _: { server in
            try await withClient { client in
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<300 {
                        group.addTask {
                            let task = Task {
                                let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(20))
                                for try await _ in exchange.body {}
                            }
                            try? await Task.sleep(for: .microseconds(number * 37 % 5000))
                            task.cancel()
                            _ = await task.result
                        }
                    }
                }
                let response = try await client.collect(HTTPClientRequest(url: server.url), upTo: 1 << 20, deadline: .seconds(5))
                #expect(response.body.readableBytes == 100_000)
            }
        }
    }
}
