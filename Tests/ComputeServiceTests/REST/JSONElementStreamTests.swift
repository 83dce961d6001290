import Foundation
import GoldcrestServiceKit
import Testing

@testable import ComputeService

@Suite("cutting JSON into parts while it arrives")
struct JSONElementStreamTests {
    private struct Parts: Equatable {
        var elements: [String] = []
        var fields: [String] = []
    }

    private func parts(_ pieces: [[UInt8]], of array: String, limits: JSONElementStream.Limits = .init()) throws -> Parts {
        var parts = Parts()
        var stream = JSONElementStream(array: array, limits: limits)
        for piece in pieces {
            try piece.withUnsafeBytes { bytes in
                try stream.read(bytes) { part, bytes in
                    switch part {
                    case .element: parts.elements.append(String(decoding: bytes, as: UTF8.self))
                    case .field(let name): parts.fields.append("\(name)=\(String(decoding: bytes, as: UTF8.self))")
                    }
                }
            }
        }
        try stream.finish()
        return parts
    }

    private static let text = #"""
         { "meta" : {"a": [1, "]}"], "\"": "x\\"} ,"jobs":[ {"name": "a\"]},\\", "l": [[]]}, "t\\", 12 ,null,[], {} ], "n": -1.5e3,
         "jobs\u0032": true, "e": [], "jobs": {"not": "a list"} }
        """#

    @Test("wherever the text is cut, the parts are the same")
    func everyBoundary() throws {
        let bytes = Array(Self.text.utf8)
        let whole = try parts([bytes], of: "jobs")
        #expect(whole.elements == [#"{"name": "a\"]},\\", "l": [[]]}"#, #""t\\""#, "12", "null", "[]", "{}"])
        #expect(
            whole.fields == [
                #"meta={"a": [1, "]}"], "\"": "x\\"}"#, "n=-1.5e3", "jobs2=true", "e=[]", #"jobs={"not": "a list"}"#,
            ])
        for boundary in 0...bytes.count {
            #expect(try parts([Array(bytes[..<boundary]), Array(bytes[boundary...])], of: "jobs") == whole)
        }
        #expect(try parts(bytes.map { [$0] }, of: "jobs") == whole)
    }

    @Test("every real answer falls into as many elements as it has, in pieces of any size", arguments: RESTFixture.all)
    func realAnswers(_ path: String) throws {
        let bytes = try RESTFixture.bytes(path)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let (name, list) = try #require(object.compactMap { field in (field.value as? [Any]).map { (field.key, $0) } }.max { $0.1.count < $1.1.count })
        for size in [1, 7, 4096, bytes.count] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
            let found = try parts(pieces, of: name)
            #expect(found.elements.count == list.count)
            #expect(found.fields.count == object.count - 1)
        }
    }

    @Test("an answer that ends too early is refused, wherever that is")
    func truncated() {
        let bytes = Array(Self.text.utf8)
        let last = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
        for end in 0..<last {
            #expect(throws: MalformedJSON.self) { try parts([Array(bytes[..<end])], of: "jobs") }
        }
    }

    @Test(
        "what is no object of fields is refused",
        arguments: ["<html></html>", "[]", "12", "{\"a\" 1}", "{\"a\":,}", "{\"a\":1 \"b\":2}", "{} x", "{\"jobs\":[1 2]}", "{\"jobs\":[,]}", "{\"jobs\":[1,]}", "{\"a\":1,}", "{:1}"])
    func malformed(_ text: String) {
        #expect(throws: MalformedJSON.self) { try parts([Array(text.utf8)], of: "jobs") }
    }

    @Test("a part and the whole have a limit")
    func limits() throws {
        let text = Array(#"{"jobs": ["\#(String(repeating: "x", count: 1000))"]}"#.utf8)
        #expect(try parts(text.map { [$0] }, of: "jobs", limits: .init(part: 1002, total: text.count)).elements.count == 1)
        #expect(throws: MalformedJSON.self) { try parts([text], of: "jobs", limits: .init(part: 1001, total: text.count)) }
        #expect(throws: MalformedJSON.self) { try parts(text.map { [$0] }, of: "jobs", limits: .init(part: 1001, total: text.count)) }
        #expect(throws: MalformedJSON.self) { try parts([text], of: "jobs", limits: .init(part: 2000, total: text.count - 1)) }
    }

    @Test("any JSON, in pieces by chance, gives the fields that it has", arguments: 0..<100)
    func anyJSON(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        let object = RandomJSON.object(&random)
        let bytes = Array(try JSONSerialization.data(withJSONObject: object))
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...9, using: &random))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        let found = try parts(pieces, of: "no such field")
        #expect(found.elements.isEmpty)
        #expect(found.fields.count == object.count)
    }
}
