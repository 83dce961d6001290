import ReBAC

/// A made-up institution, of which every run makes the same: 1,000,000 tuples about users in groups in groups and documents in folders in folders.
///
/// Each of 5,000 teams has 20 of the 50,000 users; a department has 10 teams, a division 10 departments. 100,000 folders stand in each other,
/// four deep, below 100 that each a division may see; the 900 next ones each a department may see, of the others every fifth a team. 450,000
/// documents stand in folders; 300,000 have an owner, 4,500 a user who is kept out, and the first ones a team as editor, until there are
/// 1,000,000 tuples. Names of users and documents have the usual lengths: `maria.schneider0042` and UUIDs.
struct Site {
    static let tupleCount = 1_000_000
    static let users = 50_000
    static let teams = 5_000
    static let departments = 500
    static let divisions = 50
    static let folders = 100_000
    static let documents = 450_000

    static let model = AuthorizationModel(types: [
        TypeDefinition(name: "user"),
        TypeDefinition(name: "group", relations: [relation("member", .direct, "user", "group#member")]),
        TypeDefinition(
            name: "folder",
            relations: [
                relation("parent", .direct, "folder"), relation("owner", .direct, "user"),
                relation(
                    "viewer", .union([.direct, .computed(relation: "owner"), .tupleToUserset(tupleset: "parent", relation: "viewer")]),
                    "user", "user:*", "group#member"),
            ]),
        TypeDefinition(
            name: "document",
            relations: [
                relation("parent", .direct, "folder"), relation("owner", .direct, "user"), relation("blocked", .direct, "user"),
                relation("editor", .union([.direct, .computed(relation: "owner")]), "user", "group#member"),
                relation(
                    "viewer", .union([.direct, .computed(relation: "editor"), .tupleToUserset(tupleset: "parent", relation: "viewer")]),
                    "user", "user:*", "group#member"),
                relation("reader", .exclusion(base: .computed(relation: "viewer"), subtracted: .computed(relation: "blocked"))),
            ]),
    ])

    private static func relation(_ name: String, _ rewrite: UsersetRewrite, _ types: String...) -> RelationDefinition {
        RelationDefinition(
            name: name, rewrite: rewrite,
            directTypes: types.map { type in
                if type.hasSuffix(":*") { return TypeRestriction(type: String(type.dropLast(2)), form: .wildcard) }
                let names = type.split(separator: "#").map(String.init)
                return TypeRestriction(type: names[0], form: names.count == 2 ? .userset(relation: names[1]) : .object)
            })
    }

    // MARK: - Names

    static func user(_ number: Int) -> UserReference {
        let given = ["maria", "jonas", "li", "olivia", "mateo", "fatima", "noah", "yuki"]
        let family = ["schneider", "meier", "rossi", "wang", "garcia", "dubois", "novak", "tanaka", "smith"]
        let name = "\(given[number % given.count]).\(family[number % family.count])\(padded(number, 4))"
        return .object(ObjectReference(type: "user", id: name))
    }

    static func group(_ name: String, _ number: Int) -> ObjectReference { ObjectReference(type: "group", id: "\(name)-\(padded(number, 4))") }

    static func folder(_ number: Int) -> ObjectReference { ObjectReference(type: "folder", id: "folder-\(padded(number, 5))") }

    static func document(_ number: Int) -> ObjectReference {
        let digits = Array(padded(String(mixed(number, 1), radix: 16), 16) + padded(String(mixed(number, 2), radix: 16), 16))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return ObjectReference(type: "document", id: parts.joined(separator: "-"))
    }

    private static func padded(_ number: Int, _ length: Int) -> String { padded(String(number), length) }
    private static func padded(_ text: String, _ length: Int) -> String { String(repeating: "0", count: max(0, length - text.count)) + text }

    // MARK: - Who is where

    /// A number that looks as if it were picked at random for another.
    static func mixed(_ number: Int, _ salt: Int) -> UInt64 {
        var bits = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: salt) &* 0xD1B5_4A32_D192_ED03
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }

    static func pick(_ count: Int, for number: Int, _ salt: Int) -> Int { Int(mixed(number, salt) % UInt64(count)) }

    static func member(_ place: Int, ofTeam team: Int) -> Int { (pick(users, for: team, 3) + place * 2_501) % users }
    static func folder(ofDocument document: Int) -> Int { document % 5 == 0 ? 1_000 + pick(9_000, for: document, 4) : 10_000 + pick(90_000, for: document, 4) }
    static func hasOwner(_ document: Int) -> Bool { document % 3 != 0 }
    static func owner(ofDocument document: Int) -> Int { pick(users, for: document, 5) }
    static func department(ofFolder folder: Int) -> Int { pick(departments, for: folder, 6) }

    // MARK: - Tuples

    static func forEachTuple(_ body: (RelationshipTuple) -> Void) {
        var count = 0
        func add(_ object: ObjectReference, _ relation: String, _ user: UserReference) {
            guard count < tupleCount else { return }
            count += 1
            body(RelationshipTuple(key: TupleKey(object: object, relation: relation, user: user)))
        }
        func members(_ name: String, _ number: Int) -> UserReference { .userset(group(name, number), relation: "member") }

        for team in 0..<teams {
            for place in 0..<20 { add(group("team", team), "member", user(member(place, ofTeam: team))) }
            add(group("department", team / 10), "member", members("team", team))
        }
        for department in 0..<departments { add(group("division", department / 10), "member", members("department", department)) }
        for number in 0..<folders {
            if number >= 100 { add(folder(number), "parent", .object(folder(number / 10))) }
            switch number {
            case ..<100: add(folder(number), "viewer", members("division", number % divisions))
            case ..<1_000: add(folder(number), "viewer", members("department", department(ofFolder: number)))
            default: if number % 5 == 0 { add(folder(number), "viewer", members("team", pick(teams, for: number, 7))) }
            }
        }
        for number in 0..<documents {
            add(document(number), "parent", .object(folder(folder(ofDocument: number))))
            if hasOwner(number) { add(document(number), "owner", user(owner(ofDocument: number))) }
            if number % 100 == 0 { add(document(number), "blocked", user(pick(users, for: number, 8))) }
        }
        for number in 0..<documents { add(document(number), "editor", members("team", pick(teams, for: number, 9))) }
    }
}
