import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("What is too much")
struct LimitsTests {
    private static let megabyte = 1 << 20
    /// What a service may need for a moment: a few copies of the largest body that it takes.
    private static let memoryForOneRequest = 48 * megabyte

    private func head(_ api: API, _ method: String, _ target: String, _ fields: String...) -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: \(api.authorization)\r\n\(fields.map { "\($0)\r\n" }.joined())\r\n"
    }

    @Test("a header of 100 KB is refused at once, with the error body", arguments: [
        "GET /status/systems HTTP/1.1\r\nX-Long: \(String(repeating: "x", count: 100_000))\r\n\r\n",
        "GET /status/systems HTTP/1.1\r\nX-Unfinished: \(String(repeating: "x", count: 100_000))",
        "GET /status/systems HTTP/1.1\r\n\((0..<5000).map { "X-\($0): yyyyyyyyyyyyyyyyyyyy\r\n" }.joined())\r\n",
        "GET /status/\(String(repeating: "x", count: 100_000)) HTTP/1.1\r\n\r\n",
    ])
    func longHeader(request: String) async throws {
        let api = try await API()
        for url in [api.baseURL, try api.stack["COMPUTE_URL"]] {
            let start = ContinuousClock.now
            let connection = try RawConnection(to: url)
            try await connection.send(request)
            let answer = try await connection.receive(untilClosed: true)
            #expect(answer.status == 431, "\(answer)")
            #expect(answer.body.contains("\"errorType\":\"error\""), "\(answer)")
            #expect(answer.text.lowercased().contains("connection: close"))
            #expect(answer.isClosed)
            #expect(start.duration(to: .now) < .seconds(5))
        }
    }

    @Test("what is no HTTP request is refused with the error body", arguments: [
        "\0\0\0\0\r\n\r\n", "GET / NOTHTTP\r\n\r\n", "GET /status/systems HTTP/1.1\r\nno colon\r\n\r\n", "G\u{1}T / HTTP/1.1\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n", "GET /\u{E9} HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}\u{3}\u{3}",
    ])
    func garbage(request: String) async throws {
        let api = try await API()
        let connection = try RawConnection(to: api.baseURL)
        try await connection.send(request)
        let answer = try await connection.receive(untilClosed: true)
        #expect(answer.status == 400, "\(answer)")
        #expect(answer.body.contains("\"errorType\":\"error\""), "\(answer)")
        #expect(answer.isClosed)
    }

    @Test("a request that is none, behind a good one on the same connection, takes nothing from the good one's answer")
    func garbageBehind() async throws {
        let api = try await API()
        let connection = try RawConnection(to: api.baseURL)
        try await connection.send("GET /status/liveness HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n")
        let answer = try await connection.receive(untilClosed: true)
        #expect(answer.status == 200, "\(answer)")
        #expect(answer.text.contains("healthcheckRuns"))
        #expect(answer.text.ranges(of: "HTTP/1.1 400").count == 1, "\(answer)")
    }

    @Test("an answer that comes before the end of the request's body says that the connection ends with it")
    func earlyAnswer() async throws {
        let api = try await API()
        for length in ["Content-Length: 1000", "Transfer-Encoding: chunked"] {
            let connection = try RawConnection(to: api.baseURL)
            try await connection.send(head(api, "POST", api.jobs, "Content-Type: text/plain", length) + "5\r\nhello\r\n")
            let answer = try await connection.receive(deadline: .seconds(10), untilClosed: true)
            #expect(answer.status == 400, "\(answer)")
            #expect(answer.text.lowercased().contains("connection: close"), "\(answer)")
            #expect(answer.isClosed)
        }
    }

    @Test("a connection is kept after a request that was refused and read to its end")
    func keptConnection() async throws {
        let api = try await API()
        let connection = try RawConnection(to: api.baseURL)
        for _ in 0..<20 {
            try await connection.send(head(api, "POST", api.jobs, "Content-Type: application/json", "Content-Length: 2") + "{}")
            let answer = try await connection.receive()
            #expect(answer.status == 400, "\(answer)")
            #expect(!answer.text.lowercased().contains("connection: close"), "\(answer)")
            #expect(!answer.isClosed)
        }
    }

    @Test("a client that asks before it sends a body is told to send it")
    func expectation() async throws {
        let api = try await API()
        let connection = try RawConnection(to: api.baseURL)
        try await connection.send(head(api, "POST", api.jobs, "Content-Type: application/json", "Content-Length: 2", "Expect: 100-continue", "Connection: close"))
        let start = ContinuousClock.now
        try await eventually("the server says something") { connection.hasAnswer }
        try await connection.send("{}")
        let answer = try await connection.receive(deadline: .seconds(3), untilClosed: true)
        #expect(answer.text.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 "), "\(answer)")
        #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test("a body of 100 MB is answered with 413 before it was read, and takes no memory", arguments: ["announced", "chunked"], ["upload", "jobs", "mkdir", "cp"])
    func largeBody(manner: String, operation: String) async throws {
        let (service, variable): (ServiceName, String) =
            switch operation {
            case "jobs": (.computeService, "GOLDCREST_COMPUTE_URL")
            case "cp": (.transferService, "GOLDCREST_TRANSFER_URL")
            default: (.filesystemService, "GOLDCREST_FILESYSTEM_URL")
            }
        try await ServiceProcess.with(service) { upstream in
            try await ServiceProcess.with(.authGateway, environment: [variable: upstream.url]) { gateway in
                try await waitUntilReady(gateway)
                let api = try await API(baseURL: gateway.url)
                try await api.withDirectory { directory in
                    let (target, type, start) =
                        switch operation {
                        case "upload":
                            ("\(api.operations)/upload?path=\(directory)", MultipartForm(fileName: "x", content: []).contentType, MultipartForm.head(fileName: "x"))
                        case "jobs": (api.jobs, "application/json", Array("{\"job\": {\"script\": \"".utf8))
                        case "cp": ("\(api.transfers)/cp", "application/json", Array("{\"path\": \"".utf8))
                        default: ("\(api.operations)/mkdir", "application/json", Array("{\"path\": \"".utf8))
                        }
                    let before = (try ProcessTable.peakMemory(of: gateway.identifier), try ProcessTable.peakMemory(of: upstream.identifier))
                    let length = 100 * Self.megabyte
                    let isChunked = manner == "chunked"
                    let connection = try RawConnection(to: gateway.url)
                    try await connection.send(
                        head(api, "POST", target, "Content-Type: \(type)", isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(length)"))
                    let content = start + [UInt8](repeating: 0x61, count: Self.megabyte - start.count)
                    let piece = isChunked ? Array("100000\r\n".utf8) + content + Array("\r\n".utf8) : content
                    var sent = 0
                    while sent < length, !connection.hasAnswer { sent += try await connection.send(piece) }
                    #expect(sent < length)
                    let answer = try await connection.receive()
                    #expect(answer.status == 413, "\(answer)")
                    #expect(answer.body.contains("\"errorType\":\"error\""), "\(answer)")
                    #expect(try ProcessTable.peakMemory(of: gateway.identifier) - before.0 < Self.memoryForOneRequest)
                    #expect(try ProcessTable.peakMemory(of: upstream.identifier) - before.1 < Self.memoryForOneRequest)
                    connection.disconnect()
                    if operation == "upload" { #expect(try await api.list(directory).isEmpty) }
                }
            }
        }
    }

    @Test("requests that never end keep nobody waiting")
    func halfRequests() async throws {
        let api = try await API()
        try await api.withDirectory { directory in
            var waiting: [RawConnection] = []
            for index in 0..<60 {
                let connection = try RawConnection(to: api.baseURL)
                switch index % 3 {
                case 0: try await connection.send("GET /status/systems HTTP/1.1\r\nHost: x\r\nX-Half: ")
                case 1: try await connection.send(head(api, "POST", api.jobs, "Content-Type: application/json", "Content-Length: 1000") + "{\"job\":")
                default: break
                }
                waiting.append(connection)
            }
            let form = MultipartForm(fileName: "half", content: [])
            for _ in 0..<5 {
                let connection = try RawConnection(to: api.baseURL)
                try await connection.send(
                    head(api, "POST", "\(api.operations)/upload?path=\(directory)", "Content-Type: \(form.contentType)", "Content-Length: 100000"))
                try await connection.send(MultipartForm.head(fileName: "half") + [UInt8](repeating: 0x61, count: 1000))
                waiting.append(connection)
            }
            let start = ContinuousClock.now
            try await (0..<20).forEach(atOnce: 10) { _ in
                try await api.expect(.ok, .get, "\(api.operations)/ls", query: ["path": directory])
            }
            try await api.expect(.ok, .get, "/status/systems")
            #expect(start.duration(to: .now) < .seconds(15))
            for connection in waiting { connection.disconnect() }
            // What was not uploaded as a whole is not there at all.
            try await eventually("half of an upload goes") { try await api.list(directory).isEmpty }
        }
    }
}
