import Foundation
import GoldcrestProtocol
import NIOCore
import Testing

@testable import FilesystemService

@Suite("The answer with a listing")
struct ListingPiecesTests {
    private struct Answer: Decodable, Equatable {
        var output: [FileEntry]
        var total: Int?
    }

    private func entries(_ count: Int) -> [FileEntry] {
        (0..<count).map { index in
            FileEntry(
                name: "a \"name\"\n\u{1}\\ ü \(index)", type: "l", linkTarget: index % 2 == 0 ? nil : "/there/\(index)", user: "u", group: "g",
                permissions: "rwxrwxrwx+", lastModified: "2026-01-02T03:04:05", size: String(index))
        }
    }

    private func answer(_ entries: [FileEntry], _ page: ListingPage?) throws -> (answer: Answer, pieces: [ByteBuffer]) {
        var pieces = ListingPieces(FileEntries(entries), page: page)
        var all: [ByteBuffer] = []
        while let piece = pieces.next() { all.append(piece) }
        let text = Data(all.flatMap { $0.readableBytesView })
        return (try JSONDecoder().decode(Answer.self, from: text), all)
    }

    @Test("is what Codable makes of it", arguments: [0, 1, 2, 3000])
    func whole(count: Int) throws {
        let entries = entries(count)
        let (answer, pieces) = try answer(entries, nil)
        #expect(answer == Answer(output: entries, total: nil))
        #expect(pieces.allSatisfy { $0.readableBytes < 40_000 })
        #expect((pieces.count > 1) == (count > 1000))
        let first = try JSONDecoder().decode([String: [[String: JSONValue]]].self, from: JSONEncoder().encode(["output": entries]))
        let second = try JSONDecoder().decode([String: [[String: JSONValue]]].self, from: Data(pieces.flatMap { $0.readableBytesView }))
        #expect(first == second, "the same keys, null where nothing is")
    }

    @Test("a page has its entries and the number of all", arguments: [
        (0, 3, 0..<3), (3, 3, 3..<6), (8, 3, 8..<10), (10, 1, 10..<10), (Int.max, Int.max, 10..<10), (4, nil, 4..<10), (nil, 2, 0..<2),
    ] as [(Int?, Int?, Range<Int>)])
    func pages(offset: Int?, limit: Int?, range: Range<Int>) throws {
        let entries = entries(10)
        let page = try #require(ListingPage(offset: offset, limit: limit))
        #expect(try answer(entries, page).answer == Answer(output: Array(entries[range]), total: 10))
        #expect(ListingPage(offset: nil, limit: nil) == nil)
    }
}
