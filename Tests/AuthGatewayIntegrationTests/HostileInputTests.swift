import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import NIOCore
import StackTesting
import Testing

@Suite("Whatever a request holds")
struct HostileInputTests {
    /// Whether an answer is one that a client can live with: what was asked for, or a refusal that says why.
    private func expectSense(_ answer: Answer, _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect((200..<500).contains(answer.status.code), "\(what): \(answer)", sourceLocation: sourceLocation)
        #expect(answer.head.headerFields[HTTPField.Name("X-Injected") ?? .cookie] == nil, sourceLocation: sourceLocation)
        if answer.status.code >= 400 {
            #expect(answer.error?.message.isEmpty == false, "\(what): \(answer)", sourceLocation: sourceLocation)
        }
    }

    private func expectAlive(_ api: API, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for service in ["COMPUTE_URL", "FILESYSTEM_URL", "TRANSFER_URL", "BASE_URL"] {
            var request = api.request(.get, "/health/ready")
            request.url = "\(try api.stack[service])/health/ready"
            #expect(try await api.send(request).status == .ok, "\(service)", sourceLocation: sourceLocation)
        }
    }

    // MARK: - Paths and queries

    @Test("no text in the path of any route has an effect but an answer", arguments: APIRoute.all.filter { $0.pattern.contains("{") })
    func pathParameters(route: APIRoute) async throws {
        let api = try await API()
        let hostile = HostileTexts()
        // Of the system's name alone there are few ways to go wrong; ids of jobs are looked at by more code.
        let segments = hostile.texts.map(PercentEncoding.encode) + HostileTexts.brokenEscapes + ["..", ".", "%2e%2e%2f", "1%2F2", "1;2", "99999999999999999999"]
        try await segments.forEach(atOnce: 6) { segment in
            var targets = [route.pattern.replacing("{system_name}", with: segment).replacing("{job_id}", with: "1")]
            if route.pattern.contains("{job_id}") {
                targets.append(route.pattern.replacing("{system_name}", with: api.system).replacing("{job_id}", with: segment))
            }
            for target in targets {
                var request = api.request(route.method, target, headers: [.contentType: "application/json"])
                if route.method == .post { request.body = .bytes(ByteBuffer(string: "{}")) }
                let answer = try await api.send(request)
                expectSense(answer, target)
                // An empty id asks for the collection.
                if !segment.isEmpty { #expect(answer.status.code >= 400, "\(target): \(answer)") }
            }
        }
        #expect(!hostile.wereExecuted)
        try await expectAlive(api)
    }

    private static let reading = ["ls", "stat", "head", "tail", "view", "checksum", "file", "download"]

    @Test("no path of a file has an effect but an answer", arguments: HostileInputTests.reading.map { "ops/\($0)" } + ["ops/rm", "transfer/rm"])
    func pathsInQuery(operation: String) async throws {
        let api = try await API()
        let hostile = HostileTexts()
        try await api.withDirectory { directory in
            let target = "/filesystem/\(api.system)/\(operation)"
            let method: HTTPRequest.Method = operation.hasSuffix("rm") ? .delete : .get
            try await hostile.texts.filter { !$0.isEmpty && $0 != " " }.forEach(atOnce: 6) { text in
                expectSense(try await api.call(method, target, query: ["path": text]), "path \(text.debugDescription)")
                let inside = try await api.call(method, target, query: ["path": "\(directory)/none/\(text)"])
                expectSense(inside, "path .../\(text.debugDescription)")
                #expect(inside.status == .notFound || inside.status == .badRequest, "\(text.debugDescription): \(inside)")
            }
            for escape in HostileTexts.brokenEscapes {
                let answer = try await api.send(api.request(method, "\(target)?path=\(directory)/none/\(escape)"))
                expectSense(answer, escape)
                #expect(answer.status.code >= 400)
                let key = try await api.send(api.request(method, "\(target)?\(escape)=x&path=\(directory)/none/x"))
                expectSense(key, escape)
            }
        }
        #expect(!hostile.wereExecuted)
        try await expectAlive(api)
    }

    @Test("no value of any other query key has an effect but an answer")
    func queryKeys() async throws {
        let api = try await API()
        let hostile = HostileTexts()
        try await api.withDirectory { directory in
            let keys: [(String, [String])] = [
                ("\(api.operations)/ls", ["showHidden", "recursive", "numericUid", "dereference"]), ("\(api.operations)/stat", ["dereference"]),
                ("\(api.operations)/head", ["lines", "bytes", "skipTrailing"]), ("\(api.operations)/tail", ["lines", "bytes", "skipHeading"]),
                ("\(api.operations)/view", ["size", "offset"]), (api.jobs, ["allusers", "account", "name", "time_window"]),
            ]
            for (target, names) in keys {
                for name in names {
                    try await hostile.texts.forEach(atOnce: 6) { text in
                        expectSense(try await api.call(.get, target, query: ["path": directory, name: text]), "\(target) \(name)=\(text.debugDescription)")
                    }
                    for escape in HostileTexts.brokenEscapes {
                        expectSense(try await api.send(api.request(.get, "\(target)?path=\(directory)&\(name)=\(escape)")), "\(target) \(name)=\(escape)")
                    }
                }
            }
            try await hostile.texts.forEach(atOnce: 6) { text in
                let answer = try await api.call(.delete, "\(api.transfers)/rm", query: ["path": "\(directory)/none", "account": text])
                expectSense(answer, "account \(text.debugDescription)")
                #expect(answer.status.code >= 400)
            }
        }
        #expect(!hostile.wereExecuted)
        try await expectAlive(api)
    }

    @Test("a '#' in a request's target is refused: what is behind it would be lost, and another file be meant")
    func fragment() async throws {
        let api = try await API()
        try await api.withDirectory { directory in
            #expect(try await api.upload([1], named: "a", to: directory).status == .noContent)
            let connection = try RawConnection(to: api.baseURL)
            try await connection.send(
                "DELETE \(api.operations)/rm?path=\(directory)/a#b HTTP/1.1\r\nHost: x\r\nAuthorization: \(api.authorization)\r\n\r\n")
            #expect(try await connection.receive().status == 400)
            #expect(try await api.list(directory).map(\.name) == ["a"])
        }
    }

    // MARK: - Names that files get

    @Test("directories and uploaded files get the very names that were asked for")
    func fileNames() async throws {
        let api = try await API()
        let hostile = HostileTexts()
        try await api.withDirectory { directory in
            try await api.expect(.created, .post, "\(api.operations)/mkdir", json: ["path": .string("\(directory)/d")])
            try await api.expect(.created, .post, "\(api.operations)/mkdir", json: ["path": .string("\(directory)/f")])
            for name in hostile.names {
                try await api.expect(.created, .post, "\(api.operations)/mkdir", json: ["path": .string("\(directory)/d/\(name)")])
            }
            #expect(Set(try await api.list("\(directory)/d").map(\.name)) == Set(hostile.names))
            // A backslash in a form's quoted name is a matter of taste among clients.
            let names = hostile.names.filter { !$0.contains("\\") }
            for name in names {
                let answer = try await api.upload(Array(name.utf8), named: name, to: "\(directory)/f")
                #expect(answer.status == .noContent, "\(name.debugDescription): \(answer)")
            }
            #expect(Set(try await api.list("\(directory)/f").map(\.name)) == Set(names))
            for name in names { #expect(try await api.head("\(directory)/f/\(name)") == name) }
            for name in hostile.names { try await api.expect(.noContent, .delete, "\(api.operations)/rm", query: ["path": "\(directory)/d/\(name)"]) }
            #expect(try await api.list("\(directory)/d").isEmpty)
            for name in ["", ".", "..", "../x", "a/b", "/etc/x", "a\0b", String(repeating: "x", count: 10_000)] {
                let answer = try await api.upload([1], named: name, to: "\(directory)/f")
                #expect(answer.status == .badRequest, "\(name.debugDescription.prefix(50)): \(answer)")
            }
        }
        #expect(!hostile.wereExecuted)
    }

    @Test("copies and moves made by jobs get the very names that were asked for")
    func transferNames() async throws {
        let api = try await API()
        let hostile = HostileTexts()
        try await api.withDirectory { directory in
            #expect(try await api.upload(Array("content".utf8), named: "source", to: directory).status == .noContent)
            try await hostile.names.forEach(atOnce: 4) { name in
                let answer = try await api.expect(
                    .created, .post, "\(api.transfers)/cp",
                    json: ["sourcePath": .string("\(directory)/source"), "targetPath": .string("\(directory)/\(name)")])
                guard case .object(let job)? = try answer.decoded([String: JSONValue].self)["transferJob"], let id = job["jobId"] else {
                    throw Unexpected(description: "\(answer)")
                }
                switch id {
                case .integer(let number): try await api.waitForEnd(of: "\(number)")
                case .string(let text): try await api.waitForEnd(of: text)
                default: throw Unexpected(description: "\(answer)")
                }
                #expect(try await api.head("\(directory)/\(name)") == "content", "\(name.debugDescription)")
            }
            for text in ["a\0b", "\(directory)/\(String(repeating: "x", count: 10_000))", "", "relative", "/etc/x"] {
                for operation in ["cp", "mv"] {
                    let answer = try await api.call(
                        .post, "\(api.transfers)/\(operation)", json: ["sourcePath": .string("\(directory)/source"), "targetPath": .string(text)])
                    #expect(answer.status == .badRequest, "\(operation) \(text.debugDescription.prefix(50)): \(answer)")
                    let source = try await api.call(
                        .post, "\(api.transfers)/\(operation)", json: ["sourcePath": .string(text), "targetPath": .string("\(directory)/y")])
                    #expect(source.status == .badRequest, "\(operation) \(text.debugDescription.prefix(50)): \(source)")
                }
            }
            for text in hostile.texts where !text.isEmpty {
                let answer = try await api.call(
                    .post, "\(api.transfers)/cp",
                    json: ["sourcePath": .string("\(directory)/source"), "targetPath": .string("\(directory)/y"), "account": .string(text)])
                #expect((400..<500).contains(answer.status.code), "account \(text.debugDescription.prefix(50)): \(answer)")
            }
        }
        #expect(!hostile.wereExecuted)
        try await expectAlive(api)
    }

    // MARK: - Jobs

    private static let fieldsOfJobs = [
        "name", "account", "workingDirectory", "script", "scriptPath", "reservation", "partition", "constraints", "standardInput", "standardOutput",
        "standardError", "env name", "env value", "env list",
    ]

    @Test("no field of a job has an effect outside of the job", arguments: HostileInputTests.fieldsOfJobs)
    func jobFields(field: String) async throws {
        let api = try await API()
        let hostile = HostileTexts()
        try await api.withDirectory { directory in
            try await hostile.texts.forEach(atOnce: 4) { text in
                var job: [String: JSONValue] = [
                    "workingDirectory": .string(directory), "standardOutput": "/dev/null", "standardError": "/dev/null", "script": "#!/bin/sh\ntrue\n",
                ]
                switch field {
                case "env name": job["env"] = .object([text: "x"])
                case "env value": job["env"] = ["X": .string(text)]
                case "env list": job["env"] = [.string(text)]
                case "scriptPath":
                    job["script"] = nil
                    job[field] = .string("\(directory)/\(text)")
                default: job[field] = .string(text)
                }
                let answer = try await api.call(.post, api.jobs, json: ["job": .object(job)])
                expectSense(answer, "\(field) \(text.debugDescription)")
                guard answer.status == .created else { return }
                let id = try answer.decoded(JobSubmissionAnswer.self).jobId
                #expect(Int(id) != nil)
                // A job that waits for what there is not, such as a reservation, would wait for ever.
                _ = try await api.call(.delete, "\(api.jobs)/\(id)")
                try await api.waitForEnd(of: id)
            }
        }
        #expect(!hostile.wereExecuted)
        try await expectAlive(api)
    }

    // MARK: - JSON

    private static let posts = APIRoute.all.filter { $0.method == .post && !$0.pattern.hasSuffix("upload") }

    @Test("JSON that is none is refused with the place where it ends to be", arguments: HostileInputTests.posts)
    func brokenJSON(route: APIRoute) async throws {
        let api = try await API()
        let target = route.pattern.replacing("{system_name}", with: api.system)
        let depth = 10_000
        var bodies: [[UInt8]] = HostileTexts.jsonStrings.flatMap { string -> [[UInt8]] in
            ["path", "sourcePath", "targetPath", "account"].map { Array("{\"\($0)\": ".utf8) + string + Array("}".utf8) }
                + ["name", "script", "workingDirectory", "account", "env"].map { Array("{\"job\": {\"\($0)\": ".utf8) + string + Array("}}".utf8) }
        }
        bodies += ["", " ", "null", "1", "\"x\"", "[]", "{", "{\"a\"", "{\"a\":}", "{,}", "{\"a\":1,}", "nul", "\u{FEFF}{}", "{}{}", "{\"a\":1e999}", "{\"a\":-}", "{\"a\":01}"]
            .map { Array($0.utf8) }
        bodies += [
            Array(String(repeating: "[", count: depth).utf8), Array(String(repeating: "{\"a\":", count: depth).utf8),
            Array("{\"job\":\(String(repeating: "[", count: depth))\(String(repeating: "]", count: depth))}".utf8),
            Array("{\"job\":\(String(repeating: "{\"a\":", count: depth))1\(String(repeating: "}", count: depth))}".utf8),
            [0xEF, 0xBB, 0xBF], [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], [0, 0, 0, 0],
        ]
        try await bodies.forEach(atOnce: 6) { body in
            let what = String(decoding: body.prefix(60), as: UTF8.self).debugDescription
            let answer = try await api.send(
                api.request(.post, target, headers: [.contentType: "application/json"], body: .bytes(ByteBuffer(bytes: body))), deadline: .seconds(20))
            #expect(answer.status == .badRequest, "\(what): \(answer)")
            #expect(answer.error?.message.isEmpty == false)
        }
        for type in ["text/plain", "", "application/jsonx", "application/x-www-form-urlencoded"] {
            let answer = try await api.send(api.request(.post, target, headers: [.contentType: type], body: .bytes(ByteBuffer(string: "{}"))))
            #expect(answer.status == .badRequest, "\(type): \(answer)")
        }
        try await expectAlive(api)
    }

    @Test("an upload's form that is none is refused")
    func brokenForms() async throws {
        let api = try await API()
        try await api.withDirectory { directory in
            let target = "\(api.operations)/upload?path=\(directory)"
            let whole = MultipartForm(fileName: "x", content: [1, 2, 3])
            let bodies: [[UInt8]] = [
                [], Array(whole.bytes.dropLast(5)), Array("--\(MultipartForm.boundary)--\r\n".utf8), Array("garbage".utf8), [UInt8](repeating: 0, count: 100_000),
                Array("--\(MultipartForm.boundary)\r\n".utf8) + [UInt8](repeating: 0x61, count: 100_000),
            ]
            for body in bodies {
                let answer = try await api.send(
                    api.request(.post, target, headers: [.contentType: whole.contentType], body: .bytes(ByteBuffer(bytes: body))), deadline: .seconds(20))
                #expect(answer.status == .badRequest, "\(String(decoding: body.prefix(40), as: UTF8.self)): \(answer)")
            }
            for type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\(String(repeating: "x", count: 10_000))", "application/json", ""] {
                let answer = try await api.send(
                    api.request(.post, target, headers: [.contentType: type], body: .bytes(ByteBuffer(bytes: whole.bytes))), deadline: .seconds(20))
                #expect(answer.status == .badRequest, "\(type.prefix(60)): \(answer)")
            }
            #expect(try await api.list(directory).isEmpty)
        }
    }
}
