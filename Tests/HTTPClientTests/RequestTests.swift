import GoldcrestHTTPClient
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

struct RequestTests {
    /// The head that the server sees.
    private func head(of make: @Sendable (String) -> HTTPClientRequest) async throws -> String {
        try await RawServer.run { connection in
            while let head = try await connection.readHead() { try await connection.respond(body: head) }
        } _: { server in
            try await withClient({ $0.userAgent = "goldcrest" }) { client in
                let response = try await client.collect(make(server.url), upTo: 1 << 20, deadline: .seconds(5))
                return String(buffer: response.body)
            }
        }
    }

    @Test("nothing is added to a request but host and user agent")
    func nothingAdded() async throws {
        let head = try await head { HTTPClientRequest(url: $0 + "/x") }
        let lines = head.split(separator: "\r\n")
        #expect(lines.first == "GET /x HTTP/1.1")
        #expect(Set(lines.dropFirst().map { $0.prefix { $0 != ":" } }) == ["Host", "User-Agent"])
    }

    @Test("path and query are sent byte by byte, the fragment is not")
    func pathAsItIs() async throws {
        let path = "/a/../b//c/./%2F%2e%2E/%zz;x=[1]|{}?q=%20+&url=http://h/?#&r=../.."
        let head = try await head { HTTPClientRequest(url: $0 + path) }
        #expect(head.hasPrefix("GET /a/../b//c/./%2F%2e%2E/%zz;x=[1]|{}?q=%20+&url=http://h/? HTTP/1.1\r\n"))
    }

    @Test("header fields arrive in order, repeated and empty ones too; those of the connection are the client's own")
    func headerFields() async throws {
        var fields = HTTPFields()
        fields.append(HTTPField(name: try #require(HTTPField.Name("X-One")), value: "1"))
        fields.append(HTTPField(name: try #require(HTTPField.Name("X-Empty")), value: ""))
        fields.append(HTTPField(name: try #require(HTTPField.Name("X-One")), value: "é: ;"))
        fields.append(HTTPField(name: .contentLength, value: "77"))
        fields.append(HTTPField(name: .expect, value: "100-continue"))
        fields.append(HTTPField(name: try #require(HTTPField.Name(parsed: "host")), value: "elsewhere"))
        fields.append(HTTPField(name: .userAgent, value: "mine"))
        let sent = fields
        let head = try await head { HTTPClientRequest(method: .post, url: $0, headerFields: sent, body: .bytes(ByteBuffer())) }
        let own = head.split(separator: "\r\n").filter { $0.hasPrefix("X-") || $0.hasPrefix("User-Agent") }
        #expect(own == ["X-One: 1", "X-Empty:", "X-One: é: ;", "User-Agent: mine"])
        #expect(head.contains("Content-Length: 0\r\n"))
        #expect(!head.contains(": 77") && !head.contains("Expect") && !head.contains("elsewhere") && !head.contains("Content-Type"))
    }

    @Test("a header value cannot begin a line of its own", arguments: ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\0X-Evil: 1"])
    func headerInjection(value: String) async throws {
        let name = try #require(HTTPField.Name("X-Name"))
        let head = try await head { HTTPClientRequest(url: $0, headerFields: [name: value]) }
        #expect(!head.split(separator: "\r\n").contains { $0.hasPrefix("X-Evil") })
        #expect(head.contains("X-Name: a"))
    }

    @Test(
        "a URL that is not an absolute http URL in ASCII is refused",
        arguments: [
            "", "/path", "example.org/", "ftp://127.0.0.1/", "file:///etc/passwd", "http:/127.0.0.1/", "http://", "https://",
            "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y", "http://127.0.0.1/\0", "http://127.0.0.1/ü", "http://127.0.0.1:99999/",
            "http://[::1/",
        ])
    func invalidURL(url: String) async throws {
        try await withClient { client in
            let code = await errorCode { try await client.collect(HTTPClientRequest(url: url), upTo: 10, deadline: .seconds(5)) }
            #expect(code == .invalidURL)
        }
    }

    @Test("an overlong URL is refused, whichever part of it is long")
    func overlongURL() async throws {
        let long = String(repeating: "a", count: 9_000_000)
        try await withClient { client in
            for url in ["http://\(long)/", "http://127.0.0.1:1/\(long)"] {
                let code = await errorCode { try await client.collect(HTTPClientRequest(url: url), upTo: 10, deadline: .seconds(5)) }
                #expect(code == .invalidURL)
            }
        }
    }

    @Test("errors never show path, query, user information or header")
    func noSecretsInErrors() async throws {
        let url = "http://user:secret1@127.0.0.1:1/secret2?token=secret3#secret4"
        try await withClient { client in
            let request = HTTPClientRequest(url: url, headerFields: [.authorization: "secret5"])
            let error = await #expect(throws: HTTPClientError.self) { try await client.collect(request, upTo: 10, deadline: .seconds(5)) }
            #expect(error?.description.contains("secret") == false)
            #expect(error?.description.contains("127.0.0.1") == true)
        }
    }

    @Test("a body arrives as it was sent, whatever its size and the method", arguments: ["POST", "PUT", "PATCH", "DELETE"], [0, 1, 65_536, 65_537, 3_000_000])
    func bytes(method: String, size: Int) async throws {
        let method = try #require(HTTPRequest.Method(method))
        let body = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try await withServer { router in
            router.on("/", method: method) { request, _ in
                let received = try await request.body.collect(upTo: 1 << 23)
                return Response(
                    status: .ok, headers: [.contentType: request.headers[.contentType] ?? "none"], body: .init(byteBuffer: received))
            }
        } _: { url in
            try await withClient { client in
                let request = HTTPClientRequest(method: method, url: url + "/", body: .bytes(body))
                let response = try await client.collect(request, upTo: 1 << 23, deadline: .seconds(10))
                #expect(response.body == body)
                #expect(response.head.headerFields[.contentType] == "none")
            }
        }
    }

    @Test("a HEAD request ends with the head of its response")
    func head() async throws {
        try await RawServer.run { connection in
            while let head = try await connection.readHead() {
                try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(head.hasPrefix("HEAD") ? 1_000_000 : 0)\r\n\r\n")
            }
        } _: { server in
            try await withClient { client in
                for _ in 0..<3 {
                    let response = try await client.collect(HTTPClientRequest(method: .head, url: server.url), upTo: 10, deadline: .seconds(5))
                    #expect(response.head.headerFields[.contentLength] == "1000000")
                    #expect(response.body.readableBytes == 0)
                }
                #expect(server.accepted.load(ordering: .relaxed) == 1)
            }
        }
    }

    @Test("redirects are followed only on demand, and at most as often as allowed", arguments: [0, 1, 2])
    func redirects(maximum: Int) async throws {
        try await withServer { router in
            router.get("/a") { _, _ in Response(status: .found, headers: [.location: "/b"], body: .init(byteBuffer: ByteBuffer(string: "a"))) }
            router.get("/b") { _, _ in Response(status: .found, headers: [.location: "/c"]) }
            router.get("/c") { _, _ in "there" }
        } _: { url in
            try await withClient { client in
                var request = HTTPClientRequest(url: url + "/a")
                request.maximumRedirects = maximum
                switch maximum {
                case 0:
                    let response = try await client.collect(request, upTo: 10, deadline: .seconds(5))
                    #expect(response.head.status == .found && String(buffer: response.body) == "a")
                case 1:
                    let code = await errorCode { try await client.collect(request, upTo: 10, deadline: .seconds(5)) }
                    #expect(code == .protocol)
                default:
                    let response = try await client.collect(request, upTo: 10, deadline: .seconds(5))
                    #expect(response.head.status == .ok && String(buffer: response.body) == "there")
                }
            }
        }
    }
}
