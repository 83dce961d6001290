import ReBAC
import Testing

@Suite("References to objects and users")
struct ReferenceTests {
    @Test(
        "are written as OpenFGA writes them",
        arguments: [
            (UserReference.object(ObjectReference(type: "user", id: "anne")), "user:anne"),
            (.wildcard(type: "user"), "user:*"),
            (.userset(ObjectReference(type: "group", id: "eng"), relation: "member"), "group:eng#member"),
        ])
    func description(of user: UserReference, is text: String) {
        #expect(user.description == text)
    }
}
