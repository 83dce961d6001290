@testable import AuthGateway
import GoldcrestConfiguration
import ReBAC
import Testing

@Suite("Whom a question is about")
struct AccessSubjectTests {
    private func subject(_ claims: String, _ settings: Authorization.User = .init(), username: String = "ada") throws -> AccessSubject {
        try SubjectClaims(settings).subject(of: TokenClaims(parsing: Array(claims.utf8)), username: username).get()
    }

    private func groups(_ claims: String, at claim: String = "groups") throws -> [String] {
        try subject(claims, .init(groups: .init(claim: claim))).memberships.map(\.key.description)
    }

    @Test("is the user by the name on the systems, without any groups")
    func username() throws {
        let subject = try subject(#"{"sub":"7","groups":["a"]}"#)
        #expect(subject.user.description == "user:ada")
        #expect(subject.memberships.isEmpty)
    }

    @Test("is the user by another claim and of another type, where the settings say so")
    func otherClaim() throws {
        #expect(try subject(#"{"sub":"f:1a-2b"}"#.replacing("f:", with: ""), .init(claim: "sub", type: "person")).user.description == "person:1a-2b")
        #expect(try subject(#"{"org":{"id":"x"},"org.id":"y"}"#, .init(claim: "org.id")).user.description == "user:y")
        #expect(try subject(#"{"org":{"id":"x"}}"#, .init(claim: "org.id")).user.description == "user:x")
    }

    @Test("is nobody where the claim is no id that a relationship can have", arguments: [
        "{}", #"{"sub":null}"#, #"{"sub":7}"#, #"{"sub":["a"]}"#, #"{"sub":""}"#, #"{"sub":"a b"}"#, #"{"sub":"a:b"}"#, #"{"sub":"a#member"}"#,
        #"{"sub":"*"}"#, #"{"sub":"a\nb"}"#, #"{"sub":"a\u0000b"}"#, #"{"sub":"\#(String(repeating: "x", count: 600))"}"#,
    ])
    func unusableUser(claims: String) {
        #expect(throws: UnusableClaim.self) { try subject(claims, .init(claim: "sub")) }
    }

    @Test("brings the groups along that the token names, each once")
    func groupTuples() throws {
        #expect(try groups(#"{"groups":["/physics","admins","/physics"]}"#) == ["group:/physics#member@user:ada", "group:admins#member@user:ada"])
        let settings = Authorization.User(groups: .init(claim: "realm_access.roles", type: "role", relation: "holder"))
        let memberships = try subject(#"{"realm_access":{"roles":["x"]}}"#, settings).memberships
        #expect(memberships.map(\.key.description) == ["role:x#holder@user:ada"])
        #expect(memberships.allSatisfy { $0.condition == nil })
    }

    @Test("has no groups without the claim", arguments: ["{}", #"{"groups":null}"#, #"{"groups":[]}"#, #"{"other":{"groups":["a"]}}"#])
    func noGroups(claims: String) throws {
        #expect(try groups(claims).isEmpty)
    }

    @Test("finds no groups below what has nothing below it", arguments: [#"{"realm_access":"roles"}"#, #"{"realm_access":["roles"]}"#, #"{"realm_access":{}}"#])
    func noPath(claims: String) throws {
        #expect(try groups(claims, at: "realm_access.roles").isEmpty)
    }

    @Test("is refused with a group that cannot be asked about: it may be one that is shut out", arguments: [
        #"{"groups":"admins"}"#, #"{"groups":{"a":1}}"#, #"{"groups":["a",7]}"#, #"{"groups":["a b"]}"#, #"{"groups":["*"]}"#, #"{"groups":["a#b"]}"#,
        #"{"groups":["a:b"]}"#, #"{"groups":[""]}"#, #"{"groups":["\#(String(repeating: "x", count: 300))"]}"#,
    ])
    func unusableGroup(claims: String) {
        #expect(throws: UnusableClaim.self) { try groups(claims) }
    }

    @Test("is refused with more groups than a question may have, and not with as many")
    func groupCount() throws {
        func claims(_ count: Int) -> String { #"{"groups":[\#((0..<count).map { "\"g\($0)\"" }.joined(separator: ","))]}"# }
        #expect(try groups(claims(100)).count == 100)
        let error = #expect(throws: UnusableClaim.self) { try groups(claims(101)) }
        #expect(error?.reason.contains("101 groups") == true)
    }
}
