import GoldcrestConfiguration
import GoldcrestProtocol
import ReBAC

/// May this user do that with the system? In the terms of an authorization model: has the user the relation to the object?
struct AccessQuestion: Sendable, Hashable {
    let key: TupleKey
    /// What is known of the user and stands in no store: the groups that the token names.
    var contextualTuples: [RelationshipTuple] = []
}

extension AccessQuestion {
    /// Asks what a request needs.
    ///
    /// - Parameters:
    ///   - system: As the path names it, so that it may be anything.
    ///   - check: The relation and the type of object to ask for.
    init(about subject: AccessSubject, on system: String, _ check: Authorization.Check) throws(UnusableClaim) {
        guard let object = try? ObjectReference(parsing: "\(check.objectType):\(system)") else {
            throw UnusableClaim(reason: "the path's system cannot be part of a relationship")
        }
        self.init(
            key: TupleKey(object: object, relation: check.relation, user: subject.user), contextualTuples: subject.memberships)
    }
}
