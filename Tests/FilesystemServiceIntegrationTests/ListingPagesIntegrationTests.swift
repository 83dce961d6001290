import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Listings in pages")
struct ListingPagesIntegrationTests {
    private struct Page: Decodable {
        var output: [FileEntry]
        var total: Int?
    }

    @Test("pages together are the whole listing, and each knows how much there is")
    func pages() async throws {
        try await FilesystemFixture.with { fixture async throws in
            for index in 0..<25 { try LocalFile.make("\(fixture.directory)/file \(index)") }
            let all = try await fixture.list()
            var collected: [FileEntry] = []
            for offset in stride(from: 0, to: 30, by: 7) {
                let query = ["path": fixture.directory, "limit": "7", "offset": String(offset)]
                let page = try await fixture.expect(.ok, .get, "ls", query: query).decoded(Page.self)
                #expect(page.total == 25)
                collected += page.output
            }
            #expect(collected == all)
        }
    }

    @Test("one of the parameters is enough, and without them the answer has only its entries")
    func single() async throws {
        try await FilesystemFixture.with { fixture async throws in
            for name in ["a", "b", "c"] { try LocalFile.make("\(fixture.directory)/\(name)") }
            func page(_ query: [String: String]) async throws -> Page {
                try await fixture.expect(.ok, .get, "ls", query: query.merging(["path": fixture.directory]) { $1 }).decoded(Page.self)
            }
            let limited = try await page(["limit": "2"])
            #expect(limited.output.map(\.name) == ["a", "b"] && limited.total == 3)
            let skipped = try await page(["offset": "2"])
            #expect(skipped.output.map(\.name) == ["c"] && skipped.total == 3)
            let beyond = try await page(["offset": "9223372036854775807", "limit": "9223372036854775807"])
            #expect(beyond.output.isEmpty && beyond.total == 3)
            #expect(try await page([:]).total == nil)
        }
    }

    @Test("a page that is none is refused", arguments: [["limit": "0"], ["limit": "-1"], ["offset": "-1"], ["limit": "x"], ["offset": ""]])
    func wrong(query: [String: String]) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let error = try await fixture.expect(.badRequest, .get, "ls", query: query.merging(["path": fixture.directory]) { $1 }).error
            #expect(error?.errorType == .validation)
            #expect(error?.data?.fields.map(\.name) == Array(query.keys))
        }
    }

    @Test("a listing of 3,000 files comes whole")
    func long() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let names = (0..<3000).map { "a file with a \"long\" name and its number \($0 + 10_000)" }
            for name in names { try LocalFile.make("\(fixture.directory)/\(name)") }
            let answer = try await fixture.expect(.ok, .get, "ls", query: ["path": fixture.directory])
            #expect(answer.head.headerFields[.contentLength] == nil)
            #expect(try answer.output([FileEntry].self).map(\.name) == names)
        }
    }
}
