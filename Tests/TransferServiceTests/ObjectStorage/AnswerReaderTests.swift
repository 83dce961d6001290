import Testing

@testable import TransferService

@Suite("XML of and for a storage")
struct AnswerReaderTests {
    private func read(_ text: String) -> AnswerElement? {
        AnswerReader.read(text.utf8)
    }

    @Test("is read with namespaces, references and sections, blanks kept")
    func elements() throws {
        let root = try #require(
            read(
                """
                <?xml version="1.0" encoding="UTF-8"?>

                <s3:Result xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/"><!-- -->
                  <Key>  a&amp;b&lt;&#x9ce5;&quot; </Key><ETag><![CDATA["<1>"]]></ETag><Empty/>
                  <s3:Part><Size>12</Size></s3:Part><Part><Size>x</Size></Part>
                </s3:Result>
                """))
        #expect(root.name == "Result")
        #expect(root.text(of: "Key") == "  a&b<鳥\" ")
        #expect(root.text(of: "ETag") == "\"<1>\"")
        #expect(root.text(of: "Empty") == "")
        #expect(root.text(of: "Missing") == nil)
        #expect(root.children("Part").map { $0.integer(of: "Size") } == [12, nil])
    }

    @Test(
        "is not read when it is broken or asks for more than it needs",
        arguments: [
            "", " ", "x", "{}", "<a>", "<a></b>", "<a>&unknown;</a>", "<a>\0</a>", "<a b=1/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
            String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
            String(repeating: "<a>", count: 1_000_000),
        ])
    func broken(text: String) {
        #expect(read(text) == nil)
    }

    @Test("is not read in an encoding that could hide something")
    func encodings() {
        #expect(AnswerReader.read([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) == nil)
        let hidden = "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"
        #expect(AnswerReader.read([0xFF, 0xFE] + hidden.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == nil)
        // Half of the bytes are NUL, and as UTF-8 it would be a text.
        #expect(AnswerReader.read(hidden.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == nil)
    }

    @Test("is written so that it is read as it was")
    func written() throws {
        let text = "<&>\"' \r\n]]>ü"
        let document = RequestElement("A", [RequestElement("B", text), RequestElement("C", [RequestElement("D", "1")])]).document
        let root = try #require(AnswerReader.read(document))
        #expect(root.name == "A" && root.text(of: "B") == text)
        #expect(root.children("C").first?.text(of: "D") == "1")
    }
}
