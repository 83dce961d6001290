import Testing

@testable import ReBAC

@Suite("A table of names")
struct NameTableTests {
    @Test("gives a name the same number as long as it is used")
    func numbers() {
        var table = NameTable()
        let anne = table.use("anne")
        let bob = table.use("bob")
        let again = table.use("anne")
        #expect(anne != bob && again == anne)
        #expect(table.id(of: "anne") == anne && table.name(of: anne) == "anne" && table.id(of: "carl") == nil)
        table.release(anne)
        #expect(table.id(of: "anne") == anne)
        table.release(anne)
        #expect(table.id(of: "anne") == nil && table.name(of: anne).isEmpty && table.count == 1)
    }

    @Test("tells names apart that only Unicode calls equivalent", arguments: [("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), ("", "\0")])
    func bytes(first: String, second: String) {
        var table = NameTable()
        let number = table.use(first)
        #expect(table.id(of: second) == nil)
        let other = table.use(second)
        #expect(other != number && table.id(of: first) == number && table.count == 2)
    }

    @Test("does not grow with names that come and go")
    func reuse() {
        var table = NameTable()
        let kept = table.use("kept")
        var greatest = kept
        for round in 0..<10_000 {
            let ids = (0..<3).map { table.use("name-\(round)-\($0)") }
            greatest = max(greatest, ids.max() ?? 0)
            for id in ids { table.release(id) }
        }
        #expect(greatest == 3 && table.count == 1 && table.id(of: "kept") == kept)
    }
}
