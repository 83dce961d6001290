import Foundation
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import Testing

@testable import FilesystemService

@Suite("Following a file")
struct FollowTests {
    // MARK: Where lines begin

    /// Both ways of cutting a file must find what `tail` finds.
    @Test("the last lines begin where they do, however the file is cut", arguments: ["", "\n", "a", "a\n", "a\nb", "a\nb\n", "\n\n\n", "aa\n\nbbb\nc", "a\nb\nc\nd\n"])
    func lastLines(text: String) {
        let bytes = Array(text.utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let lengths = lines.enumerated().map { $1.utf8.count + ($0 < lines.count - 1 ? 1 : 0) }.filter { $0 > 0 }
        for count in 1...6 {
            let expected = bytes.count - lengths.suffix(count).reduce(0, +)
            for size in 1...5 {
                var search = LineCount.Backward(last: count)
                var (end, found) = (bytes.count, nil as Int?)
                while found == nil, end > 0 {
                    let start = max(0, end - size)
                    found = search.start(in: ByteBuffer(bytes: bytes[start..<end]).readableBytesView).map { start + $0 }
                    end = start
                }
                #expect(found ?? 0 == expected, "\(count) lines in pieces of \(size)")
            }
        }
    }

    @Test("what follows the first lines begins where it does, however the file is cut", arguments: ["", "a", "a\n", "a\nb\n\nc\nd"])
    func skippedLines(text: String) {
        let bytes = Array(text.utf8)
        for count in 0...6 {
            let lineEnds = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
            let expected = count == 0 ? 0 : count <= lineEnds.count ? lineEnds[count - 1] + 1 : bytes.count
            for size in 1...5 {
                var search = LineCount.Forward(skipping: count)
                var (start, found) = (0, count == 0 ? 0 : nil as Int?)
                while found == nil, start < bytes.count {
                    let end = min(bytes.count, start + size)
                    found = search.start(in: ByteBuffer(bytes: bytes[start..<end]).readableBytesView).map { start + $0 }
                    start = end
                }
                #expect(found ?? bytes.count == expected, "\(count) lines in pieces of \(size)")
            }
        }
    }

    // MARK: What to do next

    private func look(_ identity: String, _ size: Int) throws -> FollowedFile.Look {
        try #require(FollowedFile.Look("\(identity) \(size)".utf8))
    }

    @Test("what is new is read in pieces, and what is truncated or replaced begins anew")
    func steps() throws {
        var file = FollowedFile(position: 10)
        let opened = try look("1:2", 10)
        #expect(file.step(opened: opened, named: opened) == .wait)
        #expect(file.step(opened: opened, named: nil) == .wait)
        #expect(file.step(opened: try look("1:2", 15), named: try look("1:3", 4)) == .read(10..<15), "the rest of the old one comes first")
        #expect(file.step(opened: opened, named: try look("1:3", 100)) == .restart)
        #expect(file.step(opened: try look("1:2", 9), named: nil) == .restart)
        #expect(file.step(opened: try look("1:2", 1_000_000), named: nil) == .read(10..<10 + FollowedFile.maximumPiece))
        file.advance(by: 5)
        #expect(file.step(opened: try look("1:2", 15), named: nil) == .wait)
    }

    @Test("a line that is none is not taken for a file", arguments: ["", "1:2", "1:2 x", "1:2 3 4"])
    func badLook(line: String) {
        #expect(FollowedFile.Look(line.utf8) == nil)
    }

    // MARK: Events

    @Test("each event names the offset behind its content, and characters stay whole")
    func events() {
        var events = FollowEvents(from: 100)
        #expect(String(buffer: events.content(ByteBuffer(string: "a\"\n"))) == "id: 103\ndata: {\"content\":\"a\\\"\\n\"}\n\n")
        #expect(String(buffer: events.content(ByteBuffer(bytes: [0x62, 0xC3]))) == "id: 104\ndata: {\"content\":\"b\"}\n\n")
        #expect(events.content(ByteBuffer(bytes: [])).readableBytes == 0)
        #expect(String(buffer: events.content(ByteBuffer(bytes: [0xA9]))) == "id: 106\ndata: {\"content\":\"é\"}\n\n")
        #expect(events.content(ByteBuffer(bytes: [0xC3])).readableBytes == 0)
        #expect(
            String(buffer: events.restart())
                == "id: 107\ndata: {\"content\":\"\u{FFFD}\"}\n\nevent: restart\nid: 0\ndata: {\"position\":0}\n\n")
        #expect(String(buffer: events.content(ByteBuffer(string: "x"))) == "id: 1\ndata: {\"content\":\"x\"}\n\n")
    }

    @Test("an error is the API's error body")
    func failure() throws {
        let text = String(buffer: FollowEvents.failure(APIError(.notFound, "gone\nfor good"), user: "u"))
        #expect(text.hasPrefix("event: error\ndata: {") && text.hasSuffix("}\n\n"))
        let body = try JSONDecoder().decode(ErrorBody.self, from: Data(text.dropFirst("event: error\ndata: ".count).utf8))
        #expect(body.message == "gone\nfor good" && body.user == "u")
    }

    // MARK: Places

    @Test("a user has so many places on each system, and gets one back when it ends")
    func places() throws {
        let limit = FollowerLimit()
        var places = try (0..<2).map { _ in try limit.place(for: "u", on: "s", limit: 2) }
        let error = #expect(throws: APIError.self) { _ = try limit.place(for: "u", on: "s", limit: 2) }
        #expect(error?.status == .tooManyRequests)
        #expect(error?.headerFields[.retryAfter] != nil)
        _ = try limit.place(for: "v", on: "s", limit: 2)
        _ = try limit.place(for: "u", on: "t", limit: 2)
        places.removeLast()
        _ = try limit.place(for: "u", on: "s", limit: 2)
        #expect(places.count == 1)
    }
}
