import Testing

@testable import FilesystemService

@Suite("Tags of files")
struct EntityTagTests {
    private static let now = HTTPDate(seconds: 1_000_000)

    @Test("size and time of change make the tag")
    func versions() {
        let tag = EntityTag(of: FileVersion(size: 10, modified: 1000), now: Self.now)
        #expect(tag?.text == "\"a-3e8\"")
        #expect(tag != EntityTag(of: FileVersion(size: 11, modified: 1000), now: Self.now))
        #expect(tag != EntityTag(of: FileVersion(size: 10, modified: 1001), now: Self.now))
    }

    @Test("a file that may change unseen has none", arguments: [-2, -1, 0, 1, 1000] as [Int64])
    func recent(age: Int64) {
        #expect(EntityTag(of: FileVersion(size: 1, modified: Self.now.seconds + age), now: Self.now) == nil)
        #expect(EntityTag(of: FileVersion(size: 1, modified: Self.now.seconds - 3), now: Self.now) != nil)
    }

    @Test("lists are read as RFC 9110 has them", arguments: [
        ("\"a\"", EntityTagCondition.among([EntityTag(opaque: "a")])), ("*", .any),
        ("W/\"a\" , \"b,c\",,\"\"", .among([EntityTag(opaque: "a", isWeak: true), EntityTag(opaque: "b,c"), EntityTag(opaque: "")])),
    ])
    func lists(text: String, condition: EntityTagCondition) {
        #expect(EntityTagCondition(text) == condition)
    }

    @Test("what is no list is none", arguments: ["a", "\"a", "\"a\" \"b\"", "w/\"a\"", "\"a b\"", "*, \"a\""])
    func malformed(text: String) {
        #expect(EntityTagCondition(text) == nil)
    }

    @Test("only strong tags match strongly")
    func comparison() {
        let (strong, weak) = (EntityTag(opaque: "a"), EntityTag(opaque: "a", isWeak: true))
        #expect(strong.matchesStrongly(strong) && strong.matchesWeakly(weak) && weak.matchesWeakly(weak))
        #expect(!strong.matchesStrongly(weak) && !weak.matchesStrongly(weak))
    }
}
