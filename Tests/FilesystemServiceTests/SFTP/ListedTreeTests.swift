import GoldcrestProtocol
import GoldcrestSSH
import Synchronization
import Testing

@testable import FilesystemService

@Suite("Listings in memory")
struct ListedTreeTests {
    private func file(_ name: String, mode: UInt32 = 0o100644) throws -> ListedFile {
        try ListedFile(
            name: Array(name.utf8),
            SFTPAttributes(size: 1, owner: .init(uid: 1, gid: 1), permissions: mode, times: .init(accessed: 0, modified: 0)))
    }

    private func directory(_ name: String) throws -> ListedFile { try file(name, mode: 0o040755) }

    @Test("directories follow their parent's files one by one, each with everything below")
    func order() throws {
        var tree = ListedTree(root: [try directory("a"), try file("b"), try directory("c"), try file("d", mode: 0o120777)])
        #expect(tree.nextLevel() == [Array("a".utf8), Array("c".utf8)])
        tree.add(level: [[try directory("a/x"), try directory("a/y")], [try file("c/z")]])
        #expect(tree.nextLevel() == [Array("a/x".utf8), Array("a/y".utf8)])
        tree.add(level: [[try file("a/x/1")], []])
        #expect(tree.nextLevel().isEmpty)
        let names = tree.files.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(names == ["a", "b", "c", "d", "a/x", "a/y", "a/x/1", "c/z"])
    }

    @Test("attributes that lack what a listing shows are left to ls")
    func incomplete() {
        #expect(throws: BeyondSFTP.self) { try ListedFile(name: [0x61], SFTPAttributes(size: 1, permissions: 0o100644)) }
    }

    @Test("a device has no size, and bytes that are no text become replacement characters")
    func entries() throws {
        var device = try file("null", mode: 0o020666)
        device.name = [0x61, 0xFF]
        let zone = try #require(SystemTimeZones.zone(behind: Array("/usr/share/zoneinfo/UTC".utf8)))
        #expect(
            device.entry(owners: OwnerNames(), time: LocalTimeText(zone: zone))
                == FileEntry(
                    name: "a\u{FFFD}", type: "c", linkTarget: nil, user: "1", group: "1", permissions: "rw-rw-rw-",
                    lastModified: "1970-01-01T00:00:00", size: "0"))
    }

    @Test("more files, or longer names, than fit into the memory are refused")
    func budget() throws {
        let files = ListingBudget()
        try files.take(files: ListingBudget.maximumCount)
        #expect(throws: APIError.self) { try files.take(files: 1) }
        let names = ListingBudget()
        try names.take(text: ListingBudget.maximumText)
        #expect(throws: APIError.self) { try names.take(text: 1) }
    }

    @Test("what is done at once keeps its order and stays within its bound")
    func concurrentMap() async throws {
        let running = Mutex(0)
        let most = Mutex(0)
        let results = try await Array(0..<50).concurrentMap(atMost: 4) { number in
            let now = running.withLock { $0 += 1; return $0 }
            most.withLock { $0 = max($0, now) }
            await Task.yield()
            running.withLock { $0 -= 1 }
            return number * 2
        }
        #expect(results == (0..<50).map { $0 * 2 })
        #expect(most.withLock { $0 } <= 4)
        struct Refused: Error {}
        await #expect(throws: Refused.self) {
            _ = try await Array(0..<50).concurrentMap(atMost: 4) { if $0 == 30 { throw Refused() } }
        }
    }
}
