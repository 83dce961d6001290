import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@Suite("Query fields")
struct QueryFieldsTests {
    private func fields(_ query: String) throws -> QueryFields {
        try QueryFields(
            of: Request(
                head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/x?\(query)"), body: RequestBody(buffer: ByteBuffer())))
    }

    @Test("undo percent escapes and plus signs", arguments: [
        ("path=/a%20b+c%2Bd", "/a b c+d"), ("path=%F0%9F%90%A6", "🐦"), ("path=a=b", "a=b"), ("path=1&path=2", "2"), ("path", ""),
    ])
    func decoding(query: String, expected: String) throws {
        #expect(try fields(query).text("path") == expected)
    }

    @Test("refuse escapes that are broken or not UTF-8", arguments: ["path=%", "path=%4", "path=%zz", "path=%FF%FE", "%C3=1"])
    func brokenEscapes(query: String) throws {
        #expect(throws: APIError.self) { _ = try fields(query) }
    }

    @Test("read truth values in every spelling of the API", arguments: [
        ("TRUE", true), ("1", true), ("yes", true), ("On", true), ("t", true), ("y", true), ("false", false), ("0", false), ("NO", false),
        ("off", false), ("f", false), ("n", false),
    ])
    func truth(text: String, expected: Bool) throws {
        var fields = try fields("flag=\(text)")
        #expect(fields.boolean("flag", default: !expected) == expected)
        try fields.finish()
    }

    @Test("read integers with signs and blanks", arguments: [("+5", 5), ("%20-7%20", -7), ("007", 7)])
    func integers(text: String, expected: Int) throws {
        var fields = try fields("n=\(text.replacing("+", with: "%2B"))")
        #expect(fields.integer("n") == expected)
        try fields.finish()
    }

    @Test("name every wrong field at once")
    func allProblems() throws {
        var fields = try fields("flag=&n=1.5&big=99999999999999999999&m=7")
        _ = fields.boolean("flag")
        _ = fields.integer("n")
        _ = fields.integer("big")
        _ = fields.integer("m", in: 0...6)
        _ = fields.requiredText("absent")
        let error = #expect(throws: APIError.self) { try fields.finish() }
        #expect(error?.fields.map(\.name) == ["flag", "n", "big", "m", "absent"])
        #expect(error?.status == .badRequest)
    }
}
