import GoldcrestProtocol
import Testing

@testable import FilesystemService

@Suite("Long listings of ls")
struct LongListingTests {
    private func entries(_ lines: [String], root: String = "/data") throws -> [FileEntry] {
        try #require(LongListing(parsing: Array(lines.joined(separator: "\n").utf8) + [0x0A], root: Array(root.utf8))).entries
    }

    @Test("a plain file has all its columns")
    func plainFile() throws {
        let entry = try entries(["total 4", #"-rw-r-----+ 1 ada  users 4096 2026-11-21T08:36:11 "notes.txt""#])
        #expect(
            entry == [
                FileEntry(
                    name: "notes.txt", type: "-", linkTarget: nil, user: "ada", group: "users", permissions: "rw-r-----+",
                    lastModified: "2026-11-21T08:36:11", size: "4096")
            ])
    }

    @Test(
        "a name comes back byte for byte",
        arguments: [
            (#""a b""#, "a b"), (#""-dash""#, "-dash"), (#""q'uo\"te""#, "q'uo\"te"), (#""back\\slash""#, "back\\slash"),
            (#""new\nline""#, "new\nline"), (#""tab\tx""#, "tab\tx"), (#""\303\274n\303\257""#, "ünï"), (#""\0019""#, "\u{1}9"),
            (#""\a\b\v\f\r\033""#, "\u{7}\u{8}\u{B}\u{C}\r\u{1B}"), (#""a -> b""#, "a -> b"), (#""total 4""#, "total 4"),
            (#""\377\376""#, "\u{FFFD}\u{FFFD}"),
        ])
    func names(quoted: String, name: String) throws {
        #expect(try entries(["-rw-r--r-- 1 root root 0 2026-11-21T08:36:11 \(quoted)"]).map(\.name) == [name])
    }

    @Test("a link shows its target, quotes and arrows included")
    func link() throws {
        let line = #"lrwxrwxrwx 1 root root 8 2026-11-21T08:36:11 "a \" -> b" -> "tar \"get -> c""#
        let entry = try #require(try entries([line]).first)
        #expect(entry.name == "a \" -> b")
        #expect(entry.linkTarget == "tar \"get -> c")
        #expect(entry.type == "l")
    }

    @Test("a device has no size")
    func device() throws {
        let entry = try #require(try entries([#"crw-rw-rw- 1 root root 1, 3 2026-11-20T02:00:15 "/dev/null""#]).first)
        #expect(entry.type == "c")
        #expect(entry.size == "0")
        #expect(entry.user == "root")
        #expect(entry.group == "root")
        #expect(entry.name == "/dev/null")
    }

    @Test("a recursive listing names entries relative to its root")
    func recursive() throws {
        let names = try entries([
            #""/data":"#, "total 8", #"drwxr-xr-x 2 root root 10 2026-11-21T08:36:11 "sub dir""#,
            #"-rw-r--r-- 1 root root 1 2026-11-21T08:36:11 "x""#, "", #""/data/sub dir":"#, "total 0",
            #"-rw-r--r-- 1 root root 2 2026-11-21T08:36:11 "in\nner""#, "", #""/data/sub dir/deep":"#, "total 0",
        ]).map(\.name)
        #expect(names == ["sub dir", "x", "sub dir/in\nner"])
    }

    @Test("the root may end in a slash or be the root directory", arguments: ["/data/", "/"])
    func slashedRoot(root: String) throws {
        let path = root == "/" ? "/sub" : "/data/sub"
        let row = #"-rw-r--r-- 1 root root 2 2026-11-21T08:36:11 "x""#
        #expect(try entries(["\"\(root)\":", "total 0", row, "", "\"\(path)\":", "total 0", row], root: root).map(\.name) == ["x", "sub/x"])
    }

    @Test("a group with a blank is told from the user by another line's columns")
    func blankInGroup() throws {
        let found = try entries([
            #"-rw-r--r-- 1 ada lovelace domain users   12 2026-11-21T08:36:11 "a""#,
            #"-rw-r--r-- 1 root         root            4 2026-11-21T08:36:11 "b""#,
        ])
        #expect(found.map(\.user) == ["ada lovelace", "root"])
        #expect(found.map(\.group) == ["domain users", "root"])
    }

    @Test("without such a line the user is the first word")
    func blankInGroupAlone() throws {
        let found = try entries([#"-rw-r--r-- 1 ada domain users 12 2026-11-21T08:36:11 "a""#])
        #expect(found.map(\.user) == ["ada"])
        #expect(found.map(\.group) == ["domain users"])
    }

    @Test("an empty directory has no entries")
    func empty() throws {
        #expect(try entries(["total 0"]).isEmpty)
    }

    @Test("links that lead nowhere are filled in from a listing that doesn't follow them, other unknown files are gone")
    func unknown() throws {
        let followed = try #require(
            LongListing(
                parsing: Array(
                    """
                    total 0
                    l????????? ? ?    ?       ?                   ? "link"
                    -????????? ? ?    ?       ?                   ? "vanished"
                    -rw-r--r-- 1 root root    0 2026-11-21T08:36:11 "z"

                    """.utf8), root: Array("/data".utf8)))
        let plain = try #require(
            LongListing(
                parsing: Array(#"lrwxrwxrwx 1 ada users 4 2026-11-21T08:36:11 "link" -> "gone""#.utf8), root: Array("/data".utf8)))
        #expect(followed.hasUnknownEntries)
        #expect(followed.completed(by: plain).map(\.name) == ["link", "z"])
        #expect(followed.completed(by: plain).first?.linkTarget == "gone")
        #expect(followed.completed(by: nil).map(\.size) == ["0", "0"])
    }

    @Test(
        "a line of another form is refused",
        arguments: [
            "garbage", #"-rw-r--r-- 1 root root 0 2026 "open"#, #"-rw 1 root root 0 2026 "x""#, #"-rw-r--r-- 1 0 2026 "x""#,
            #"-rw-r--r-- 1 root root 0 2026 "x" "y""#, #""/data" :"#, #"-rw-r--r-- 1 root root 0 2026 "\777""#, #"""#,
        ])
    func malformed(line: String) {
        #expect(LongListing(parsing: Array(line.utf8), root: Array("/data".utf8)) == nil)
    }
}
