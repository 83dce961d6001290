import GoldcrestProtocol
import GoldcrestShell
import Testing

@testable import FilesystemService

@Suite("Excerpts of files")
struct ExcerptTests {
    struct Case: Sendable {
        var edge: Excerpt.Edge
        var lines: Int?
        var bytes: Int?
        var skipping = false
        var arguments: [String]
        var start: Int
        var end: Int
    }

    @Test(
        "a request becomes the command's option and the positions of the reply",
        arguments: [
            Case(edge: .head, arguments: ["head", "--lines=10"], start: 0, end: 10),
            Case(edge: .head, lines: 3, arguments: ["head", "--lines=3"], start: 0, end: 3),
            Case(edge: .head, bytes: 3, arguments: ["head", "--bytes=3"], start: 0, end: 3),
            Case(edge: .head, lines: 3, skipping: true, arguments: ["head", "--lines=-3"], start: 0, end: -3),
            Case(edge: .head, bytes: 3, skipping: true, arguments: ["head", "--bytes=-3"], start: 0, end: -3),
            Case(edge: .head, skipping: true, arguments: ["head", "--lines=-10"], start: 0, end: -10),
            Case(edge: .head, lines: 0, arguments: ["head", "--bytes=1"], start: 0, end: 0),
            Case(edge: .head, lines: 0, skipping: true, arguments: ["head", "--lines=-0"], start: 0, end: 0),
            Case(edge: .head, lines: -3, arguments: ["head", "--lines=-3"], start: 0, end: -3),
            Case(edge: .tail, arguments: ["tail", "--lines=10"], start: 10, end: -1),
            Case(edge: .tail, lines: 3, arguments: ["tail", "--lines=3"], start: -3, end: -1),
            Case(edge: .tail, bytes: 3, arguments: ["tail", "--bytes=3"], start: -3, end: -1),
            Case(edge: .tail, lines: 3, skipping: true, arguments: ["tail", "--lines=+4"], start: 3, end: -1),
            Case(edge: .tail, bytes: 3, skipping: true, arguments: ["tail", "--bytes=+4"], start: 3, end: -1),
            Case(edge: .tail, bytes: 0, arguments: ["head", "--bytes=1"], start: 0, end: -1),
            Case(edge: .tail, bytes: 0, skipping: true, arguments: ["tail", "--bytes=+1"], start: 0, end: -1),
            Case(edge: .tail, lines: -3, arguments: ["tail", "--lines=3"], start: -3, end: -1),
        ])
    func positions(of request: Case) throws {
        let excerpt = try Excerpt(request.edge, lines: request.lines, bytes: request.bytes, skipping: request.skipping)
        let path = try AbsolutePath(normalising: "/data/x")
        let program = try #require(request.arguments.first)
        #expect(FileCommand.excerpt(excerpt, of: path) == RemoteCommand(program, arguments: request.arguments.dropFirst() + ["--", "/data/x"]))
        #expect(excerpt.startPosition == request.start)
        #expect(excerpt.endPosition == request.end)
        #expect(excerpt.unit == (request.bytes == nil ? .lines : .bytes))
    }

    @Test("both units at once are refused, even if one is 0")
    func bothUnits() {
        #expect(throws: APIError.self) { try Excerpt(.head, lines: 0, bytes: 5, skipping: false) }
    }

    @Test("a negative count is refused with the skip flag", arguments: [Excerpt.Edge.head, .tail])
    func negativeSkip(edge: Excerpt.Edge) {
        #expect(throws: APIError.self) { try Excerpt(edge, lines: -1, bytes: nil, skipping: true) }
        #expect(throws: APIError.self) { try Excerpt(edge, lines: nil, bytes: -1, skipping: true) }
    }

    @Test("the extremes of the number type neither trap nor pass", arguments: [Int.min, Int.max])
    func extremes(count: Int) {
        #expect(throws: APIError.self) { try Excerpt(.head, lines: count, bytes: nil, skipping: false) }
        #expect(throws: APIError.self) { try Excerpt(.tail, lines: nil, bytes: count, skipping: false) }
    }
}
