import Foundation
import Testing

@testable import GoldcrestServiceKit

@Suite("A line of the log")
struct JSONLineTests {
    @Test("keeps what users put into it apart from everything else", arguments: [
        "ada", "", #"a"b"#, #"a\"#, #"\""#, "a\nb", "a\r\nb", "a\tb", "\u{0}", "\u{1b}[2J", "\u{7f}", #"","decision":"allowed"#, "ü 🦅 \u{2028}\u{202E}",
        #"{"a":1}"#, "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{b}\u{c}\u{e}\u{f}\u{10}\u{1f}",
    ])
    func hostile(text: String) throws {
        var line = JSONLine()
        line.add("user", text)
        line.add(text.isEmpty ? "empty" : "key \(text)", "value")
        line.add("decision", "denied")
        let bytes = line.finished()
        #expect(bytes.last == UInt8(ascii: "\n"))
        #expect(bytes.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let read = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String])
        #expect(read.count == 3)
        #expect(read["user"] == text)
        #expect(read["decision"] == "denied")
    }
}
