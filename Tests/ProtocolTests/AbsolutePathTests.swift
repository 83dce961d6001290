import Foundation
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Absolute paths")
struct AbsolutePathTests {
    @Test("are normalised", arguments: [
        ("/", "/"), ("//", "/"), ("/a", "/a"), ("/a/", "/a"), ("//a///b//", "/a/b"), ("/a/./b/.", "/a/b"), ("/a/b/..", "/a"), ("/a/../..", "/"),
        ("/../../a", "/a"), ("/a/../b", "/b"), ("/...", "/..."), ("/..a/.b/c..", "/..a/.b/c.."), ("/a b/ ", "/a b/ "), ("/a\n/b", "/a\n/b"),
        ("/a/\u{301}b/..", "/a"), ("/a/\u{301}", "/a/\u{301}"),
    ])
    func normalised(text: String, expected: String) throws {
        let path = try AbsolutePath(normalising: text)
        #expect(Array(path.string.utf8) == Array(expected.utf8))
        #expect(try AbsolutePath(normalising: path.string) == path)
    }

    @Test("nothing else is one", arguments: ["", "a", "./a", "../a", "~", " /a", "/a\0b", "\0", "/" + String(repeating: "a", count: 4096)])
    func refused(text: String) {
        let error = #expect(throws: APIError.self) { try AbsolutePath(normalising: text) }
        #expect(error?.status == .badRequest)
        #expect(error?.body(user: nil).errorType == .error)
        #expect(error.map { $0.message.utf8.count < 600 } == true)
    }

    @Test("may be as long as Linux allows")
    func longest() throws {
        let path = try AbsolutePath(normalising: "/" + String(repeating: "a", count: 4095))
        #expect(path.byteCount == 4096)
        #expect(throws: APIError.self) { try path.appending("b") }
    }

    @Test("lie in a directory only at a component's boundary")
    func within() throws {
        let scratch = try AbsolutePath(normalising: "/scratch")
        #expect(try AbsolutePath(normalising: "/scratch").isWithin(scratch))
        #expect(try AbsolutePath(normalising: "/scratch/a").isWithin(scratch))
        #expect(try !AbsolutePath(normalising: "/scratch2").isWithin(scratch))
        #expect(try !AbsolutePath(normalising: "/scratch\u{301}/a").isWithin(scratch))
        #expect(try !AbsolutePath(normalising: "/").isWithin(scratch))
        #expect(scratch.isWithin(.root))
        #expect(AbsolutePath.root.isWithin(.root))
    }

    @Test("two spellings of one letter are two paths")
    func canonicalEquivalence() throws {
        let composed = try AbsolutePath(normalising: "/\u{e9}"), decomposed = try AbsolutePath(normalising: "/e\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(!decomposed.isWithin(composed))
    }

    @Test("are bytes, whatever these are as text")
    func bytes() throws {
        let path = try AbsolutePath(normalising: Array("/a/".utf8) + [0xFF, 0x2F, 0x2E, 0x2F, 0xC3])
        #expect(path.bytes == Array("/a/".utf8) + [0xFF, 0x2F, 0xC3])
        #expect(path.string == "/a/\u{FFFD}/\u{FFFD}")
        #expect(path.isWithin(try AbsolutePath(normalising: Array("/a/".utf8) + [0xFF])))
        #expect(!path.isWithin(try AbsolutePath(normalising: "/a/\u{FFFD}")))
        #expect(try path.parent.appending([0xC3]) == path)
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([path]) }
    }

    @Test("come apart into parent and last component")
    func parts() throws {
        let path = try AbsolutePath(normalising: "/a/b c/d")
        #expect(path.lastComponent.elementsEqual("d".utf8))
        #expect(path.parent.string == "/a/b c")
        #expect(path.parent.parent.parent == .root)
        #expect(AbsolutePath.root.parent == .root)
        #expect(AbsolutePath.root.lastComponent.isEmpty)
    }

    @Test("grow by names, but never out of themselves")
    func appending() throws {
        let path = try AbsolutePath(normalising: "/a")
        #expect(try path.appending("b").string == "/a/b")
        #expect(try path.appending("b/./c").string == "/a/b/c")
        #expect(try AbsolutePath.root.appending("b").string == "/b")
        for name in ["", "..", "b/../..", "../a2", "\0"] {
            #expect(throws: APIError.self, "\(name)") { try path.appending(name) }
        }
    }

    @Test("are texts in JSON")
    func coding() throws {
        let json = try JSONEncoder().encode([try AbsolutePath(normalising: "/a//b")])
        #expect(try JSONDecoder().decode([String].self, from: json) == ["/a/b"])
        #expect(try JSONDecoder().decode([AbsolutePath].self, from: json).first?.string == "/a/b")
        #expect(throws: (any Error).self) { try JSONDecoder().decode([AbsolutePath].self, from: Data(#"["a"]"#.utf8)) }
    }
}
