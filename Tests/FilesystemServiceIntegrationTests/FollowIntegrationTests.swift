import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import StackTesting
import Testing

@Suite("Following a file on a real system")
struct FollowIntegrationTests {
    private func following(
        _ fixture: FilesystemFixture, _ query: [String: String] = [:], headers: HTTPFields = [:], _ body: (EventStream) async throws -> Void
    ) async throws {
        let query = query.merging(["path": "\(fixture.directory)/log", "follow": "true"]) { given, _ in given }
        let exchange = try await fixture.exchange(fixture.request(.get, "tail", query: query, headers: headers))
        #expect(exchange.head.status == .ok)
        #expect(exchange.head.headerFields[.contentType] == "text/event-stream")
        #expect(exchange.head.headerFields[.cacheControl] == "no-cache")
        let follower = EventStream(exchange)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await follower.read() }
            defer { exchange.cancel() }
            try await body(follower)
        }
    }

    private func write(_ text: String, _ fixture: FilesystemFixture, to name: String = "log") throws {
        let path = "\(fixture.directory)/\(name)"
        if !FileManager.default.fileExists(atPath: path) { try LocalFile.make(path) }
        try LocalFile.append(path, Array(text.utf8))
    }

    @Test("first the end of the file comes, then what is appended, each with the offset behind it")
    func appended() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try write((1...25).map { "line \($0)\n" }.joined(), fixture)
            try await following(fixture, ["lines": "2"]) { follower in
                try await eventually("the end") { follower.content == "line 24\nline 25\n" }
                try write("more é\n", fixture)
                try await eventually("what is appended") { follower.content == "line 24\nline 25\nmore é\n" }
                let size = try LocalFile.size("\(fixture.directory)/log")
                #expect(follower.events.last?.id == String(size))
            }
        }
    }

    @Test("every way to say where to begin is understood", arguments: [
        ([:], 5), (["lines": "0"], 15), (["lines": "3"], 12), (["bytes": "7"], nil), (["lines": "2", "skipHeading": "true"], 2), (["bytes": "0", "skipHeading": "true"], 0),
        (["lines": "100"], 0), (["lines": "100", "skipHeading": "true"], 15),
    ] as [([String: String], Int?)])
    func beginnings(query: [String: String], skipped: Int?) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let lines = (10..<25).map { "line \($0)\n" }
            try write(lines.joined(), fixture)
            let expected = skipped.map { lines[$0...].joined() } ?? String(lines.joined().suffix(7))
            try await following(fixture, query) { follower in
                try write("end", fixture)
                try await eventually("the content") { follower.content == expected + "end" }
            }
        }
    }

    @Test("a file that is truncated or replaced is followed on, from its new beginning, and nothing of the old one is lost")
    func rotated() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = "\(fixture.directory)/log"
            try write("one\n", fixture)
            try await following(fixture) { follower in
                try await eventually("the first content") { follower.content == "one\n" }
                try write("last\n", fixture)
                try LocalFile.rename(path, to: path + ".1")
                try write("new, and longer than what was there before\n", fixture)
                try await eventually("the new file") { follower.content == "one\nlast\nnew, and longer than what was there before\n" }
                try LocalFile.truncate(path, to: 0)
                try await eventually("the restart") { follower.events.filter { $0.name == "restart" }.count == 2 }
                try write("x", fixture)
                try await eventually("the truncated file") { follower.content.hasSuffix("before\nx") }
                #expect(follower.events.last?.id == "1")
                #expect(follower.events.filter { $0.name == "restart" }.allSatisfy { $0.id == "0" })
            }
        }
    }

    @Test("a client that comes back gets what it has missed, no more and no less")
    func resumed() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try write("one\ntwo\n", fixture)
            let lastEventID = try #require(HTTPField.Name("Last-Event-ID"))
            try await following(fixture, headers: [lastEventID: "4"]) { follower in
                try await eventually("the missed lines") { follower.content == "two\n" }
                #expect(follower.events.first?.id == "8")
            }
            try await following(fixture, headers: [lastEventID: "1000"]) { follower in
                try await eventually("the new file") { follower.content == "one\ntwo\n" }
                #expect(follower.events.first?.name == "restart")
            }
            try await following(fixture, ["lines": "1"], headers: [lastEventID: "nonsense"]) { follower in
                try await eventually("the end") { follower.content == "two\n" }
            }
        }
    }

    @Test("bytes that are no UTF-8 are replaced, and characters that come in parts are whole")
    func repaired() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try write("a", fixture)
            let path = "\(fixture.directory)/log"
            try await following(fixture) { follower in
                try await eventually("the first content") { follower.content == "a" }
                try LocalFile.append(path, [0xC3])
                try await Task.sleep(for: .milliseconds(600))
                try LocalFile.append(path, [0xA9, 0xFF, 0x62])
                try await eventually("the repaired content") { follower.content == "aé\u{FFFD}b" }
            }
        }
    }

    @Test("what cannot be followed is refused before anything is sent")
    func refused() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.pipe("\(fixture.directory)/pipe")
            try await fixture.expect(.notFound, .get, "tail", query: ["path": "\(fixture.directory)/no", "follow": "true"])
            try await fixture.expect(.badRequest, .get, "tail", query: ["path": fixture.directory, "follow": "true"])
            try await fixture.expect(.badRequest, .get, "tail", query: ["path": "\(fixture.directory)/pipe", "follow": "true"])
            try await fixture.expect(.badRequest, .get, "tail", query: ["path": fixture.directory, "follow": "maybe"])
        }
    }

    @Test("when the client leaves, nothing is left on the system within seconds")
    func left() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try write("a", fixture)
            try await following(fixture) { follower in
                try await eventually("the first content") { follower.content == "a" }
                // A pause between two looks, the longest time in which nothing is read from the system's process.
                try await Task.sleep(for: .seconds(3))
            }
            try await eventually(within: .seconds(3), "no process is left") { LocalProcess.all(with: "\(fixture.directory)/log").isEmpty }
        }
    }

    @Test("a user follows so many files at a time, and as many again when some have ended")
    func bounded() async throws {
        try await FilesystemFixture.with(configuring: { $0.ssh.maxSessions = 4 }) { fixture async throws in
            try write("a", fixture)
            try await following(fixture) { first in
                try await following(fixture) { second in
                    try await eventually("both get the content") { first.content == "a" && second.content == "a" }
                    let query = ["path": "\(fixture.directory)/log", "follow": "true"]
                    let third = try await fixture.expect(.tooManyRequests, .get, "tail", query: query)
                    #expect(third.head.headerFields[.retryAfter].flatMap { Int($0) } != nil)
                    #expect(try await fixture.call(.get, "tail", query: ["path": "\(fixture.directory)/log"]).status == .ok, "others still have channels")
                }
                try await eventually("a place is free again") {
                    let exchange = try await fixture.exchange(fixture.request(.get, "tail", query: ["path": "\(fixture.directory)/log", "follow": "true"]))
                    defer { exchange.cancel() }
                    return exchange.head.status == .ok
                }
            }
        }
    }

    @Test("a client that does not read stops the reading of the file")
    func stalled() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try write("a", fixture)
            let query = ["path": "\(fixture.directory)/log", "follow": "true", "bytes": "0", "skipHeading": "true"]
            let exchange = try await fixture.exchange(fixture.request(.get, "tail", query: query))
            defer { exchange.cancel() }
            try LocalFile.truncate("\(fixture.directory)/log", to: 4_000_000_000)
            // 4 GB are 24 GB of JSON: what is read of them without back-pressure would show.
            let before = LocalProcess.residentSize
            try await Task.sleep(for: .seconds(5))
            #expect(LocalProcess.residentSize - before < 30_000_000)
        }
    }
}

extension EventStream {
    fileprivate var content: String { events.compactMap(\.content).joined() }
}

extension ServerSentEvent {
    fileprivate var content: String? { if case .string(let text)? = field("content") { text } else { nil } }
}
