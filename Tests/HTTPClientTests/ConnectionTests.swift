import GoldcrestHTTPClient
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Testing

struct ConnectionTests {
    @Test("requests one after another share a connection")
    func keepAlive() async throws {
        try await RawServer.run { try await $0.serve() } _: { server in
            try await withClient { client in
                for _ in 0..<50 {
                    let response = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
                    #expect(String(buffer: response.body) == "ok")
                }
                #expect(server.accepted.load(ordering: .relaxed) == 1)
            }
        }
    }

    @Test("an exchange that was read to its end leaves its connection for the next")
    func keepAliveAfterStreaming() async throws {
        try await RawServer.run { try await $0.serve(String(repeating: "x", count: 1_000_000)) } _: { server in
            try await withClient { client in
                for _ in 0..<5 {
                    let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
                    var count = 0
                    for try await part in exchange.body { count += part.readableBytes }
                    #expect(count == 1_000_000)
                }
                #expect(server.accepted.load(ordering: .relaxed) == 1)
            }
        }
    }

    @Test("200 requests at once are all answered")
    func concurrent() async throws {
        try await withServer { router in
            router.get("/:number") { _, context in try context.parameters.require("number") }
        } _: { url in
            try await withClient { client in
                try await withThrowingTaskGroup(of: (Int, String).self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            let request = HTTPClientRequest(url: "\(url)/\(number)")
                            return (number, String(buffer: try await client.collect(request, upTo: 10, deadline: .seconds(20)).body))
                        }
                    }
                    for try await (number, text) in group { #expect(text == "\(number)") }
                }
            }
        }
    }

    @Test("no more connections than configured are made to a server, and all requests are answered")
    func connectionLimit() async throws {
        try await RawServer.run { try await $0.serve() } _: { server in
            try await withClient({ $0.maximumConnectionsPerHost = 3 }) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask { _ = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(10)) }
                    }
                    try await group.waitForAll()
                }
                #expect(server.accepted.load(ordering: .relaxed) <= 3)
            }
        }
    }

    /// Answers the first request on the first connection and closes it on the second request; answers everything on later connections.
    private func serveOnceThenClose(_ connection: RawConnection, _ seen: borrowing Mutex<[String]>) async throws {
        var answered = 0
        while let head = try await connection.readHead() {
            seen.withLock { $0.append(String(head.prefix { $0 != " " })) }
            if connection.index == 1, answered == 1 { return }
            try await connection.respond(body: "ok")
            answered += 1
        }
    }

    @Test("an idempotent request that a kept connection swallowed is repeated on another", arguments: ["GET", "PUT", "DELETE"])
    func repeated(method: String) async throws {
        let seen = Shared<[String]>([])
        try await RawServer.run { try await self.serveOnceThenClose($0, seen.value) } _: { server in
            try await withClient { client in
                for _ in 0..<2 {
                    let request = HTTPClientRequest(method: try #require(HTTPRequest.Method(method)), url: server.url)
                    let response = try await client.collect(request, upTo: 10, deadline: .seconds(5))
                    #expect(String(buffer: response.body) == "ok")
                }
                #expect(seen.value.withLock { $0 } == [method, method, method])
                #expect(server.accepted.load(ordering: .relaxed) == 2)
            }
        }
    }

    @Test("a POST that a kept connection swallowed is never sent twice", arguments: [0, 10, 100_000])
    func neverRepeated(size: Int) async throws {
        let seen = Shared<[String]>([])
        try await RawServer.run { connection in
            var answered = 0
            while let head = try await connection.readHead() {
                let method = String(head.prefix { $0 != " " })
                seen.value.withLock { $0.append(method) }
                if method == "POST" { return }
                try await connection.respond(body: "ok")
                answered += 1
            }
        } _: { server in
            try await withClient { client in
                _ = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
                let body = ByteBuffer(repeating: 0x61, count: size)
                let request = HTTPClientRequest(method: .post, url: server.url, body: .bytes(body))
                let code = await errorCode { try await client.collect(request, upTo: 10, deadline: .seconds(5)) }
                #expect(code == .connectionFailed)
                #expect(seen.value.withLock { $0 } == ["GET", "POST"])
            }
        }
    }

    @Test("a POST takes a new connection when the kept one was closed before")
    func postAfterClose() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.respond(body: "ok")
        } _: { server in
            try await withClient { client in
                for round in 1...3 {
                    let request = HTTPClientRequest(method: .post, url: server.url, body: .bytes(ByteBuffer(string: "x")))
                    let response = try await client.collect(request, upTo: 10, deadline: .seconds(5))
                    #expect(String(buffer: response.body) == "ok")
                    try await eventually("the server has closed") { server.ended.load(ordering: .relaxed) == round }
                }
                #expect(server.accepted.load(ordering: .relaxed) == 3)
            }
        }
    }

    @Test("a streamed PUT whose body was begun is not repeated")
    func streamNotRepeated() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.respond(body: "ok")
            guard try await connection.readHead() != nil else { return }
        } _: { server in
            try await withClient { client in
                _ = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
                let pieces = Pieces(count: 1000) { _ in ByteBuffer(repeating: 1, count: 100_000) }
                let request = HTTPClientRequest(method: .put, url: server.url, body: .stream(length: nil, pieces))
                let code = await errorCode { try await client.collect(request, upTo: 10, deadline: .seconds(5)) }
                #expect(code == .connectionFailed)
                #expect(server.accepted.load(ordering: .relaxed) <= 2)
            }
        }
    }

    @Test("shutdown ends running exchanges, closes connections and refuses new ones")
    func shutdown() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.waitForEnd()
        } _: { server in
            let client = HTTPClient(logger: Logger(label: "test"))
            async let running = errorCode { try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(20)) }
            try await eventually("the request has begun") { server.accepted.load(ordering: .relaxed) == 1 }
            await client.shutdown()
            await client.shutdown()
            #expect(await running == .cancelled)
            let late = await errorCode { try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(20)) }
            #expect(late == .cancelled)
            try await eventually("the connection is closed") { server.ended.load(ordering: .relaxed) == 1 }
        }
    }

    @Test("a client that is dropped closes its kept connections")
    func dropped() async throws {
        try await RawServer.run { try await $0.serve() } _: { server in
            do {
                let client = HTTPClient(logger: Logger(label: "test"))
                _ = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
            }
            try await eventually("the connection is closed") { server.ended.load(ordering: .relaxed) == 1 }
        }
    }

    @Test("an exchange outlives the client it came from")
    func exchangeOutlivesClient() async throws {
        try await RawServer.run { try await $0.serve(String(repeating: "x", count: 3_000_000)) } _: { server in
            let exchange = try await HTTPClient(logger: Logger(label: "test"))
                .exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
            var count = 0
            for try await part in exchange.body { count += part.readableBytes }
            #expect(count == 3_000_000)
            try await eventually("the connection is closed") { server.ended.load(ordering: .relaxed) == 1 }
        }
    }
}

/// A locked value that closures can share.
final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: sending Value) {
        self.value = Mutex(value)
    }
}
