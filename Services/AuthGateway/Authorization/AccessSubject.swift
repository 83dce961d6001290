import GoldcrestConfiguration
import GoldcrestProtocol
import ReBAC

/// Whom questions about access are about, as a token names them.
struct AccessSubject: Sendable, Hashable {
    let user: UserReference
    /// The groups that the token says the user to be in: tuples that go with each question.
    var memberships: [RelationshipTuple] = []
}

/// A claim that cannot be asked about; with which and why. It is never passed over: a group that was left out could be one that is shut out.
struct UnusableClaim: Error, Sendable, Hashable {
    let reason: String
}

/// How a token names the user and the groups of questions (`auth.authorization.user`).
struct SubjectClaims: Sendable {
    /// What a question may carry, as OpenFGA allows.
    static let maximumGroups = 100

    private let settings: Authorization.User

    init(_ settings: Authorization.User = Authorization.User()) {
        self.settings = settings
    }

    /// - Parameter username: The user's name on the systems, which is the id unless there is a claim for it.
    func subject(of claims: TokenClaims, username: String) -> Result<AccessSubject, UnusableClaim> {
        Result { () throws(UnusableClaim) in
            let user = try user(id: settings.claim.map { claim throws(UnusableClaim) in try id(in: claims, at: claim) } ?? username)
            return AccessSubject(user: user, memberships: try settings.groups.map { groups throws(UnusableClaim) in
                try memberships(of: user, in: claims, groups)
            } ?? [])
        }
    }

    private func id(in claims: TokenClaims, at claim: String) throws(UnusableClaim) -> String {
        guard case .string(let id)? = claims.value(at: claim) else {
            throw UnusableClaim(reason: "the token has no text in its claim \(claim), which names the user")
        }
        return id
    }

    private func user(id: String) throws(UnusableClaim) -> UserReference {
        guard let user = try? UserReference(parsing: "\(settings.type):\(id)"), case .object = user else {
            throw UnusableClaim(reason: "the token's user id cannot be part of a relationship: it is empty or too long, or has a blank, ':', '#' or '*'")
        }
        return user
    }

    /// A token without the claim has no groups.
    private func memberships(
        of user: UserReference, in claims: TokenClaims, _ groups: Authorization.Groups
    ) throws(UnusableClaim) -> [RelationshipTuple] {
        let names: [GoldcrestProtocol.JSONValue]
        switch claims.value(at: groups.claim) {
        case nil, .null?: return []
        case .array(let values)?: names = values
        default: throw UnusableClaim(reason: "the token's claim \(groups.claim) is no list of groups")
        }
        guard names.count <= Self.maximumGroups else {
            throw UnusableClaim(reason: "the token names \(names.count) groups, more than the \(Self.maximumGroups) that a question may have")
        }
        var memberships: [RelationshipTuple] = []
        var known: Set<ObjectReference> = []
        for name in names {
            guard case .string(let text) = name, let group = try? ObjectReference(parsing: "\(groups.type):\(text)") else {
                throw UnusableClaim(
                    reason: "the token's claim \(groups.claim) has a group that cannot be part of a relationship: its name is no text, empty, "
                        + "too long, or has a blank, ':', '#' or '*'")
            }
            // A question must not have the same tuple twice.
            guard known.insert(group).inserted else { continue }
            memberships.append(RelationshipTuple(key: TupleKey(object: group, relation: groups.relation, user: user)))
        }
        return memberships
    }
}
