import Foundation
import GoldcrestProtocol
import GoldcrestServiceKit
import Testing

@testable import ComputeService

@Suite("reading JSON field by field")
struct JSONPullReaderTests {
    private func read<Value>(_ text: String, _ body: (inout JSONPullReader) throws -> Value) throws -> Value {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONPullReader(bytes)
            return try body(&reader)
        }
    }

    @Test("whatever JSON holds reads as JSONDecoder reads it", arguments: 0..<200)
    func likeFoundation(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        let value = RandomJSON.object(&random)
        for options in [JSONSerialization.WritingOptions(), .prettyPrinted, .withoutEscapingSlashes] {
            let text = try JSONSerialization.data(withJSONObject: value, options: options)
            let expected = try JSONDecoder().decode(JSONValue.self, from: text)
            let found = try Array(text).withUnsafeBytes { bytes in
                var reader = JSONPullReader(bytes)
                return try RebuiltJSON.value(&reader)
            }
            #expect(found == expected)
        }
    }

    @Test("escapes become what they stand for")
    func escapes() throws {
        #expect(try read(#""\"\\\/\b\f\n\r\t\u00e4\u20AC\ud83d\ude00""#) { try $0.string() } == "\"\\/\u{8}\u{C}\n\r\tä€😀")
        #expect(try read(#""\ud83d!\ude00""#) { try $0.string() } == "\u{FFFD}!\u{FFFD}")
        #expect(try read(#""\ud83d""#) { try $0.string() } == "\u{FFFD}")
        #expect(try read(#""\x41""#) { try $0.string() } == nil)
        #expect(try read(#""\u00g0""#) { try $0.string() } == nil)
    }

    @Test("bytes that are not UTF-8 become U+FFFD")
    func notUTF8() throws {
        let bytes: [UInt8] = [0x22, 0x61, 0xFF, 0x62, 0x22]
        let text = try bytes.withUnsafeBytes { bytes in
            var reader = JSONPullReader(bytes)
            return try reader.string()
        }
        #expect(text == "a\u{FFFD}b")
    }

    @Test("a value of another kind is nil and is left behind")
    func otherKinds() throws {
        try read(#"{"a": "x", "b": [1, {"c": 2}], "d": 7, "e": null, "f": true, "g": {"h": "i"}, "j": 8}"#) { reader in
            var integers: [Int?] = []
            try reader.object { _, value in integers.append(try value.integer()) }
            #expect(integers == [nil, nil, 7, nil, nil, nil, 8])
        }
        try read(#"[1, "two", [3], {"four": 4}, null, false]"#) { reader in
            var texts: [String?] = []
            try reader.array { texts.append(try $0.string()) }
            #expect(texts == [nil, "two", nil, nil, nil, nil])
        }
    }

    @Test("what is not read is skipped, however much of it there is")
    func unread() throws {
        let deep = String(repeating: #"{"a":["#, count: 100_000) + String(repeating: "]}", count: 100_000)
        let found = try read(#"{"x": \#(deep), "s": "a]}\"{[", "y": 5}"#) { reader in
            var found: Int?
            try reader.object { key, value in
                switch key {
                case "y": found = try value.integer()
                default: break
                }
            }
            return found
        }
        #expect(found == 5)
    }

    @Test("a name with escapes is the name that it stands for")
    func escapedName() throws {
        let found = try read(#"{"job\u005fid": 5, "job_id2": 6}"#) { reader in
            var found: [Int?] = []
            try reader.object { key, value in
                switch key {
                case "job_id": found.append(try value.integer())
                default: break
                }
            }
            return found
        }
        #expect(found == [5])
    }

    @Test(
        "numbers of every size",
        arguments: [
            ("0", 0), ("-12", -12), ("999999999999999999", 999_999_999_999_999_999), ("9223372036854775807", nil), ("12.0", 12), ("12.5", nil),
            ("1e3", 1000), ("1e400", nil), ("-", nil), ("1-2", nil), (String(repeating: "9", count: 10_000), nil),
        ])
    func integers(_ text: String, _ value: Int?) throws {
        #expect(try read(text) { try $0.integer() } == value)
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "{", "[", "\"", "\"\\", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{1:2}", "{\"a\" 1}", "[1", "[1,", "[1 2]", "[,]", "x", "{\"a\":x}",
            "[tru]", "{\"a\":1]",
        ])
    func malformed(_ text: String) {
        #expect(throws: MalformedJSON.self) {
            try read(text) { reader in
                switch try reader.kind() {
                case .object: try reader.object { _, value in _ = try value.boolean() }
                case .array: try reader.array { _ = try $0.boolean() }
                default: try reader.skip()
                }
            }
        }
    }

    @Test("bytes by chance never do more than be refused", arguments: 0..<300)
    func noise(_ seed: UInt64) {
        var random = SeededRandom(seed)
        let alphabet = Array("{}[]\":,\\u09aetrufalsn -+.\u{0}".utf8) + [0xFF, 0xC3]
        let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
        bytes.withUnsafeBytes { bytes in
            var reader = JSONPullReader(bytes)
            do { _ = try RebuiltJSON.value(&reader) } catch { #expect(error is MalformedJSON) }
        }
    }
}

/// All that a reader sees.
enum RebuiltJSON {
    static func value(_ reader: inout JSONPullReader) throws -> JSONValue {
        switch try reader.kind() {
        case .object:
            var object: [String: JSONValue] = [:]
            try reader.object { key, value in object[key.text ?? ""] = try Self.value(&value) }
            return .object(object)
        case .array:
            var array: [JSONValue] = []
            try reader.array { array.append(try value(&$0)) }
            return .array(array)
        case .string: return try reader.string().map { .string($0) } ?? .null
        case .boolean: return try reader.boolean().map { .bool($0) } ?? .null
        case .number:
            var again = reader
            if let integer = try reader.integer() { return .integer(Int64(integer)) }
            return try again.number().map { .number($0) } ?? .null
        case .null:
            try reader.skip()
            return .null
        }
    }
}

/// JSON of any shape, the same for a seed each time.
enum RandomJSON {
    static func object(_ random: inout SeededRandom, depth: Int = 0) -> [String: Any] {
        (0..<Int.random(in: 0...6, using: &random)).reduce(into: [:]) { object, _ in
            object[text(&random)] = value(&random, depth: depth + 1)
        }
    }

    private static func value(_ random: inout SeededRandom, depth: Int) -> Any {
        switch Int.random(in: 0...(depth > 4 ? 4 : 6), using: &random) {
        case 0: NSNull()
        case 1: Bool.random(using: &random)
        case 2: Int.random(in: -1_000_000...1_000_000, using: &random)
        case 3: Double.random(in: -1...1, using: &random)
        case 4: text(&random)
        case 5: (0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) }
        default: object(&random, depth: depth + 1)
        }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        let alphabet = Array("abc \"\\/\n\t{}[]:,äß€😀\u{1}")
        return String((0..<Int.random(in: 0...8, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
    }
}

/// SplitMix64: the same numbers for a seed each time.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
