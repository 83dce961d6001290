import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@Suite("Body fields")
struct BodyFieldsTests {
    private func request(_ body: String, contentType: String? = "application/json") -> Request {
        var head = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/x")
        head.headerFields[.contentType] = contentType
        head.headerFields[.contentLength] = String(body.utf8.count)
        return Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body)))
    }

    @Test("take any spelling of a name")
    func spellings() {
        var fields = BodyFields(["source_path": "/x"])
        #expect(fields.string("path", "sourcePath", "source_path") == "/x")
    }

    @Test("are strict about types and name every wrong one, with the path of nested ones")
    func types() {
        var fields = BodyFields(["mode": .integer(644), "job": ["name": true], "flag": "true"])
        _ = fields.string("mode")
        _ = fields.boolean("flag")
        var job = fields.nested("job")
        _ = job.string("name")
        _ = job.requiredString("workingDirectory")
        fields.adopt(job)
        let error = #expect(throws: APIError.self) { try fields.finish() }
        #expect(error?.fields.map(\.name) == ["mode", "flag", "job.name", "job.workingDirectory"])
    }

    @Test("report a missing object once, not once for each of its fields")
    func missingObject() {
        var fields = BodyFields([:])
        var job = fields.nested("job")
        _ = job.requiredString("script")
        fields.adopt(job)
        let error = #expect(throws: APIError.self) { try fields.finish() }
        #expect(error?.fields.map(\.name) == ["job"])
    }

    @Test("treat null as absent")
    func null() throws {
        var fields = BodyFields(["account": .null])
        #expect(fields.string("account") == nil)
        try fields.finish()
    }

    @Test("tell the offset at which a text stops being JSON", arguments: [
        ("{\"a\": 1,\n \"b\": x}", 15), ("", 0), ("{} x", 3), ("[1, 2", 5), ("{\"a\" 1}", 5), ("{\"a\": tru}", 9), ("[\"abc", 5),
        ("{a: 1}", 1), ("[1.2.3]", 1), ("[1,]", 3), (String(repeating: "[", count: 10_000), 512),
    ])
    func malformed(text: String, offset: Int) async throws {
        let error = await #expect(throws: APIError.self) { try await request(text).jsonObject() }
        #expect(error?.status == .badRequest)
        #expect(error?.fields.first?.location == .body)
        #expect(error?.fields.first?.name == String(offset))
    }

    @Test("refuse a body that is nested too deeply, has no JSON type, or is no object", arguments: [
        (String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000), "application/json" as String?),
        ("{}", nil), ("{}", "text/plain"), ("[]", "application/json"), ("", "application/json"), ("\"x\"", "application/json"),
    ])
    func refused(body: String, contentType: String?) async {
        let error = await #expect(throws: APIError.self) { try await request(body, contentType: contentType).jsonObject() }
        #expect(error?.status == .badRequest)
    }

    @Test("refuse a body over the limit by its announced length")
    func tooLong() async {
        let error = await #expect(throws: APIError.self) { try await request(String(repeating: " ", count: 100)).jsonObject(upTo: 99) }
        #expect(error?.status == .contentTooLarge)
    }
}
