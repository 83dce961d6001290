import NIOCore
import Testing

@testable import ComputeService

@Suite("what OpenPBS calls JSON")
struct PBSDocumentTests {
    /// Two jobs, of which the first has some odd lines among its variables.
    private func document(_ odd: String) -> PBSDocument {
        PBSDocument(ByteBuffer(bytes: Self.text(odd: Array(odd.utf8))), section: "Jobs")
    }

    private static func text(odd: [UInt8]) -> [UInt8] {
        Array(
            """
            {
            \t"timestamp":\t1,
            \t"Jobs":\t{
            \t\t"1.vm":\t{
            \t\t\t"Job_Name":\t"first",
            \t\t\t"Variable_List":\t{
            \t\t\t\t"A":\t"a",
            \t\t\t\t
            """.utf8) + odd
            + Array(
                """

                \t\t\t\t"PBS_O_WORKDIR":\t"/home"
                \t\t\t},
                \t\t\t"Exit_status":\t3
                \t\t},
                \t\t"2.vm":\t{
                \t\t\t"Job_Name":\t"second"
                \t\t}
                \t}
                }

                """.utf8)
    }

    @Test(
        "odd variables come through as they are meant",
        arguments: [
            (#""B": 005,"#, "005"), (#""B": nan,"#, "nan"), (#""B": "\'x\'","#, "'x'"), (#""B": "a\,b","#, "a,b"), (#""B": "a\"b\\c\nd\u0001","#, "a\"b\\c\nd\u{1}"),
            (#""B": "say "hi" now","#, #"say "hi" now"#), (#""B": "{"a": "b", "c": ["d"]}","#, #"{"a": "b", "c": ["d"]}"#),
            ("\"B\": \"() {  echo a\n}\",", "() {  echo a\n}"), (#""B": "ü","#, "ü"), (#""B": "","#, ""), (#""B": "1",\#n"B": "2","#, "2"),
        ])
    func oddValues(_ line: String, _ value: String) {
        let entries = document(line).entries
        #expect(entries.map(\.name) == ["1.vm", "2.vm"])
        #expect(entries.first?.attributes["Variable_List", "B"] == value)
        #expect(entries.first?.attributes["Variable_List", "PBS_O_WORKDIR"] == "/home")
        #expect(entries.first?.attributes["Exit_status"] == "3")
    }

    @Test(
        "what cannot be read costs itself alone",
        arguments: [
            "nonsense", #""B" "b","#, #""B": ,"#, "\"B\": \"() { echo \"a\"\n fi \"\n}\",", "}", "{", "]", "\"", "\"B\": \"x\\\",", "\"B\": [1, 2\n", "\"B\": {",
            "\"B\": \"() { if true\n then echo \"x\",\n\"y\": }\n}\",", String(repeating: "\"B\": [", count: 50),
        ])
    func unreadable(_ lines: String) {
        let entries = document(lines).entries
        #expect(entries.map(\.name) == ["1.vm", "2.vm"])
        #expect(entries.first?.attributes["Job_Name"] == "first")
        #expect(entries.last?.attributes["Job_Name"] == "second")
    }

    @Test("bytes that are not UTF-8 become U+FFFD")
    func notUTF8() {
        let bytes = Self.text(odd: Array("\"B\": \"a".utf8) + [0xFF] + Array("b\",".utf8))
        let entries = PBSDocument(ByteBuffer(bytes: bytes), section: "Jobs").entries
        #expect(entries.first?.attributes["Variable_List", "B"] == "a\u{FFFD}b")
        #expect(entries.first?.attributes["Exit_status"] == "3")
    }

    @Test("an output that ends early has what came until then")
    func truncated() throws {
        let text = String(buffer: try RecordedPBS.output("qstat_jobs"))
        for length in stride(from: 0, to: text.utf8.count, by: 97) {
            let document = PBSDocument(ByteBuffer(string: String(decoding: text.utf8.prefix(length), as: UTF8.self)), section: "Jobs")
            #expect(document.entries.count <= 7)
        }
        #expect(PBSDocument(ByteBuffer(string: String(text.prefix(6000))), section: "Jobs").entries.map(\.name).starts(with: ["0.vm", "1.vm", "2.vm"]))
    }

    @Test("a greeting in front of it is left out, and so is what is no JSON at all")
    func greeting() throws {
        let text = "Welcome!\n" + String(buffer: try RecordedPBS.output("qstat_jobs"))
        #expect(PBSDocument(ByteBuffer(string: text), section: "Jobs").entries.count == 7)
        for text in ["", "{", "{}", "[]", "null", "{{{{", "\"", "{\"Jobs\""] {
            #expect(PBSDocument(ByteBuffer(string: text), section: "Jobs").entries.isEmpty)
        }
    }

    @Test("facts stand beside the entries")
    func facts() throws {
        let document = PBSDocument(try RecordedPBS.output("qstat_server"), section: "Server")
        #expect(document.facts["pbs_server"] == "vm")
        #expect(document.facts.integer("timestamp") == 1_795_220_009)
        #expect(document.entries.first?.attributes["server_state"] == "Active")
    }
}
