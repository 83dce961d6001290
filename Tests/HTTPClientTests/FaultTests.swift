import GoldcrestHTTPClient
import HTTPTypes
import NIOCore
import Synchronization
import Testing

struct FaultTests {
    /// What a request to a server that follows the script ends with.
    private func code(
        deadline: Duration = .seconds(5), limit: Int = 1 << 20, configure: (inout HTTPClient.Configuration) -> Void = { _ in },
        of script: @escaping @Sendable (RawConnection) async throws -> Void
    ) async throws -> HTTPClientError.Code? {
        var configuration = HTTPClient.Configuration()
        configure(&configuration)
        let configured = configuration
        return try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await script(connection)
        } _: { server in
            try await withClient({ $0 = configured }) { client in
                await errorCode {
                    try await client.collect(HTTPClientRequest(url: server.url), upTo: limit, deadline: deadline)
                }
            }
        }
    }

    @Test("a refused connection is told with the server's name")
    func refused() async throws {
        // Bound and closed again: nobody listens there.
        let url = try await RawServer.run { try await $0.serve() } _: { $0.url }
        try await withClient { client in
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.collect(HTTPClientRequest(url: url), upTo: 10, deadline: .seconds(5))
            }
            #expect(error?.code == .connectionFailed)
            #expect(error?.message.contains(url.dropFirst(7)) == true)
        }
    }

    @Test("a name that does not exist is a failed connection")
    func unknownName() async throws {
        try await withClient { client in
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.collect(HTTPClientRequest(url: "http://no-such-host.invalid/"), upTo: 10, deadline: .seconds(20))
            }
            #expect(error?.code == .connectionFailed)
            #expect(error?.message.contains("no-such-host.invalid") == true)
        }
    }

    @Test("a server that closes without an answer is a failed connection")
    func closesAtOnce() async throws {
        #expect(try await code { _ in } == .connectionFailed)
    }

    @Test("half a head is an error", arguments: ["HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "HTTP"])
    func halfHead(text: String) async throws {
        let code = try await code { try await $0.send(text) }
        #expect(code == .connectionFailed || code == .protocol)
    }

    @Test(
        "what is no HTTP is refused",
        arguments: [
            "220 smtp ready\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTwo Words: x\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nnocolon\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nX: 1\r\n folded\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        ])
    func garbage(text: String) async throws {
        let code = try await code { try await $0.send(text) }
        #expect(code == .protocol || (code == .connectionFailed && text.contains("zz")))
    }

    @Test("a huge head is refused", arguments: [1, 4000])
    func hugeHead(lines: Int) async throws {
        let code = try await code { connection in
            try await connection.send("HTTP/1.1 200 OK\r\n")
            for number in 0..<lines { try await connection.send("X-\(number): \(String(repeating: "a", count: 1_000_000 / lines))\r\n") }
            try await connection.send("Content-Length: 0\r\n\r\n")
            try await connection.waitForEnd()
        }
        #expect(code == .protocol || (lines == 1 && code == .unavailable))
    }

    @Test("informational heads are skipped")
    func informational() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\nX-Early: 1\r\n\r\n")
            try await connection.respond(headers: "X-Final: 1\r\n", body: "ok")
        } _: { server in
            try await withClient { client in
                let response = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
                #expect(response.head.status == .ok)
                #expect(response.head.headerFields.map(\.name.rawName) == ["Content-Length", "X-Final"])
                #expect(String(buffer: response.body) == "ok")
            }
        }
    }

    @Test("endless informational heads are refused")
    func endlessInformational() async throws {
        let code = try await code { connection in
            while true { try await connection.send(String(repeating: "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n", count: 100)) }
        }
        #expect(code == .protocol)
    }

    @Test("chunks are put together, trailers dropped, repeated fields kept")
    func chunked() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.send(
                "HTTP/1.1 418 Short And Stout\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1\r\nset-cookie:b=2 \r\nX-Empty:\r\n\r\n")
            for piece in ["3\r\nabc\r\n", "4;ext=1\r\ndefg\r\n", "0\r\nX-Trailer: 1\r\n\r\n"] {
                try await connection.send(piece)
                try await Task.sleep(for: .milliseconds(5))
            }
            try await connection.waitForEnd()
        } _: { server in
            try await withClient { client in
                let response = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
                #expect(response.head.status.code == 418)
                #expect(response.head.status.reasonPhrase == "Short And Stout")
                #expect(response.head.headerFields[values: .setCookie] == ["a=1", "b=2"])
                #expect(response.head.headerFields[try #require(HTTPField.Name("X-Empty"))] == "")
                #expect(String(buffer: response.body) == "abcdefg")
            }
        }
    }

    @Test("a body that breaks off is an error after what has arrived", arguments: ["close", "reset", "chunked"])
    func breaksOff(how: String) async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            if how == "chunked" {
                try await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            } else {
                try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
            }
            // Until the client has read it, because a reset overtakes data.
            try await Task.sleep(for: .milliseconds(100))
            if how == "reset" { try await connection.reset() }
        } _: { server in
            try await withClient { client in
                let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(5))
                var text = ""
                let error = await #expect(throws: HTTPClientError.self) {
                    for try await part in exchange.body { text += String(buffer: part) }
                }
                #expect(text == "hello")
                #expect(error?.code == .connectionFailed)
            }
        }
    }

    @Test("a body without length ends with the connection")
    func endsWithConnection() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.send("HTTP/1.1 200 OK\r\n\r\nhello")
        } _: { server in
            try await withClient { client in
                let response = try await client.collect(HTTPClientRequest(url: server.url), upTo: 10, deadline: .seconds(5))
                #expect(String(buffer: response.body) == "hello")
            }
        }
    }

    @Test("a response larger than the limit is refused, told in advance or not", arguments: [true, false])
    func tooLarge(hasLength: Bool) async throws {
        let code = try await code(limit: 1000) { connection in
            try await connection.send("HTTP/1.1 200 OK\r\n\(hasLength ? "Content-Length: 1001\r\n" : "")\r\n")
            try await connection.send(String(repeating: "x", count: 1001))
        }
        #expect(code == .responseTooLarge)
    }

    @Test("a response as large as the limit is accepted")
    func atTheLimit() async throws {
        let code = try await code(limit: 1000) { try await $0.respond(body: String(repeating: "x", count: 1000)) }
        #expect(code == nil)
    }

    @Test("the deadline bounds the time to the head, even while the server drips")
    func deadline() async throws {
        let code = try await code(deadline: .milliseconds(200)) { connection in
            try await connection.send("HTTP/1.1 200 OK\r\n")
            for number in 0..<1000 {
                try await connection.send("X-\(number): y\r\n")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        // Otherwise the end of the connection would be the error.
        #expect(code == .timedOut)
    }

    @Test("the deadline of collect bounds all of the response")
    func collectDeadline() async throws {
        let code = try await code(deadline: .milliseconds(200)) { connection in
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in 0..<1000 {
                try await connection.send("x")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        #expect(code == .timedOut)
    }

    @Test("the deadline of an exchange does not bound its body, a standstill does")
    func inactivity() async throws {
        try await RawServer.run { connection in
            guard try await connection.readHead() != nil else { return }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in 0..<20 {
                try await connection.send("x")
                try await Task.sleep(for: .milliseconds(150))
            }
            try await connection.waitForEnd()
        } _: { server in
            try await withClient({ $0.bodyInactivityLimit = .seconds(1) }) { client in
                let exchange = try await client.exchange(HTTPClientRequest(url: server.url), deadline: .seconds(2))
                var count = 0
                let error = await #expect(throws: HTTPClientError.self) {
                    for try await part in exchange.body { count += part.readableBytes }
                }
                #expect(count == 20)
                #expect(error?.code == .timedOut)
                try await eventually("the connection is closed") { server.ended.load(ordering: .relaxed) == 1 }
            }
        }
    }

    @Test("the connect timeout bounds the TLS handshake too")
    func connectTimeout() async throws {
        try await RawServer.run { try await $0.waitForEnd() } _: { server in
            try await withClient({ $0.connectTimeout = .milliseconds(200) }) { client in
                let request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/")
                let error = await #expect(throws: HTTPClientError.self) {
                    try await client.collect(request, upTo: 10, deadline: .seconds(30))
                }
                #expect(error?.code == .timedOut)
            }
        }
    }
}
