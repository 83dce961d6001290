import ReBAC
import Testing

@Suite("Texts of objects, relations and users")
struct ReferenceParsingTests {
    @Test(
        "of objects are a type and an id",
        arguments: [
            ("document:plan", "document", "plan"), ("d:1", "d", "1"), ("doc:a@b.org", "doc", "a@b.org"), ("doc:a*b", "doc", "a*b"),
            ("document:übersicht/2026", "document", "übersicht/2026"), ("doc:a\u{0B}b", "doc", "a\u{0B}b"),
            // Only Go's own blanks are blanks to OpenFGA: no others that Unicode knows.
            ("doc:a\u{00A0}b", "doc", "a\u{00A0}b"),
        ])
    func object(_ text: String, type: String, id: String) throws {
        let object = try ObjectReference(parsing: text)
        #expect(object == ObjectReference(type: type, id: id))
        #expect(object.description == text)
    }

    @Test(
        "of objects are refused where OpenFGA refuses them",
        arguments: [
            ("", InvalidReference.Cause.empty), ("document", .malformed), (":", .malformed), ("document:", .malformed), (":plan", .malformed),
            ("document:a:b", .malformed), ("document:a#viewer", .malformed), ("a#b:c", .malformed), ("document:a b", .malformed),
            (" document:a", .malformed), ("document:a\n", .malformed), ("document:a\t", .malformed), ("document:a\u{0C}", .malformed),
            ("document:a\r\n", .malformed), ("document:a\0", .malformed), ("document:*", .wildcard), ("*", .malformed),
        ])
    func refusedObject(_ text: String, cause: InvalidReference.Cause) {
        #expect(throws: InvalidReference(.object, cause)) { try ObjectReference(parsing: text) }
    }

    @Test(
        "of users are an object, all of a type, or those of a relation",
        arguments: [
            ("user:anne", UserReference.object(ObjectReference(type: "user", id: "anne"))),
            ("user:*", .wildcard(type: "user")),
            ("user:a*", .object(ObjectReference(type: "user", id: "a*"))),
            ("group:eng#member", .userset(ObjectReference(type: "group", id: "eng"), relation: "member")),
            ("user:f4b1@example.org", .object(ObjectReference(type: "user", id: "f4b1@example.org"))),
        ])
    func user(_ text: String, is user: UserReference) throws {
        #expect(try UserReference(parsing: text) == user)
        #expect(user.description == text)
    }

    @Test(
        "of users are refused where OpenFGA refuses them",
        arguments: [
            ("", InvalidReference.Cause.empty), ("anne", .untyped), ("*", .untyped), (":", .malformed), ("user:", .malformed), (":anne", .malformed),
            ("#member", .malformed), ("group#member", .malformed), ("group:eng#", .malformed), ("group:#member", .malformed),
            ("group:eng#member#x", .malformed), ("group:eng#mem:ber", .malformed), ("group:a:b", .malformed), ("group:*#member", .malformed),
            ("group:e*g#member", .malformed), ("group:eng#mem*", .malformed), ("user:an ne", .malformed), ("user:anne\0", .malformed),
        ])
    func refusedUser(_ text: String, cause: InvalidReference.Cause) {
        #expect(throws: InvalidReference(.user, cause)) { try UserReference(parsing: text) }
    }

    @Test("of relations may have every character but separators and blanks", arguments: ["viewer", "can-read", "can_read.v2", "läser", "a*"])
    func relation(_ text: String) throws {
        #expect(try TupleKey(object: "document:1", relation: text, user: "user:anne").relation == text)
    }

    @Test(
        "of relations are refused where OpenFGA refuses them",
        arguments: [
            ("", InvalidReference.Cause.empty), ("a b", .malformed), ("a:b", .malformed), ("a#b", .malformed), ("a@b", .malformed),
            ("a\0", .malformed),
        ])
    func refusedRelation(_ text: String, cause: InvalidReference.Cause) {
        #expect(throws: InvalidReference(.relation, cause)) { try TupleKey(object: "document:1", relation: text, user: "user:anne") }
    }

    /// OpenFGA counts the characters of objects and relations and the bytes of users.
    @Test("may be as long as OpenFGA's, and no longer", arguments: ["x", "ü", "🦅"])
    func lengths(_ character: String) throws {
        let ofObject = ObjectReference.maximumLength - 2
        _ = try ObjectReference(parsing: "d:" + String(repeating: character, count: ofObject))
        #expect(throws: InvalidReference(.object, .tooLong)) {
            try ObjectReference(parsing: "d:" + String(repeating: character, count: ofObject + 1))
        }

        let relation = String(repeating: character, count: TupleKey.maximumRelationLength)
        _ = try TupleKey(object: "d:1", relation: relation, user: "user:anne")
        #expect(throws: InvalidReference(.relation, .tooLong)) { try TupleKey(object: "d:1", relation: relation + character, user: "user:anne") }

        let ofUser = (UserReference.maximumBytes - 2) / character.utf8.count
        _ = try UserReference(parsing: "u:" + String(repeating: character, count: ofUser))
        #expect(throws: InvalidReference(.user, .tooLong)) { try UserReference(parsing: "u:" + String(repeating: character, count: ofUser + 1)) }
    }

    @Test("of a megabyte are refused, whatever they consist of", arguments: [":", "#", "a", "\0", "a:b#"])
    func hostile(_ piece: String) {
        let text = String(repeating: piece, count: 1_000_000)
        #expect(throws: InvalidReference(.object, .tooLong)) { try ObjectReference(parsing: text) }
        #expect(throws: InvalidReference(.user, .tooLong)) { try UserReference(parsing: text) }
    }

    @Test("tell objects apart that Unicode calls equivalent", arguments: [("K", "\u{212A}"), ("é", "e\u{301}"), ("\u{212B}", "A\u{30A}")])
    func equivalence(_ one: String, _ other: String) throws {
        #expect(try ObjectReference(parsing: "user:" + one) != ObjectReference(parsing: "user:" + other))
        #expect(try UserReference(parsing: "user:" + one) != UserReference(parsing: "user:" + other))
        #expect(try UserReference(parsing: "\(one):a#member") != UserReference(parsing: "\(other):a#member"))
    }

    @Test("of the user is looked at first, then of the object, then of the relation")
    func order() {
        #expect(throws: InvalidReference(.user, .untyped)) { try TupleKey(object: "", relation: "", user: "anne") }
        #expect(throws: InvalidReference(.object, .empty)) { try TupleKey(object: "", relation: "", user: "user:anne") }
        #expect(throws: InvalidReference(.relation, .empty)) { try TupleKey(object: "document:1", relation: "", user: "user:anne") }
    }
}
