import Testing

@testable import FilesystemService

@Suite("Ranges of bytes")
struct ByteRangeRequestTests {
    @Test("each form names its bytes", arguments: [
        ("bytes=0-0", 0..<1), ("bytes=2-4", 2..<5), ("bytes=2-", 2..<10), ("bytes=-3", 7..<10), ("bytes=-30", 0..<10), ("bytes=9-99", 9..<10),
        ("bytes=0-99999999999999999999999999", 0..<10), ("BYTES=1-1", 1..<2), ("bytes= 1-1 ,", 1..<2),
    ])
    func forms(text: String, range: Range<Int>) {
        #expect(ByteRangeRequest(text)?.range(ofSize: 10) == range)
    }

    @Test("what the file has nothing of cannot be satisfied", arguments: ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999999-"])
    func unsatisfiable(text: String) throws {
        let request = try #require(ByteRangeRequest(text))
        #expect(request.range(ofSize: 10) == nil)
    }

    @Test("an empty file has no range", arguments: ["bytes=0-", "bytes=-1", "bytes=0-0"])
    func empty(text: String) throws {
        let request = try #require(ByteRangeRequest(text))
        #expect(request.range(ofSize: 0) == nil)
    }

    @Test("several ranges, other units and what isn't well formed are ignored", arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=3", "bytes=3-2", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=0x1-2", "bytes=+1-2",
        "bytes=1-2-3", "bytes=1-2 3", "bytes=--1", "bytes=١-٢",
    ])
    func ignored(text: String) {
        #expect(ByteRangeRequest(text) == nil)
    }
}
