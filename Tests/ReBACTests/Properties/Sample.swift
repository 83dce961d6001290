import ReBAC

/// Everything that an answer depends on, small enough for the naive evaluator.
struct Sample: Sendable {
    var model: AuthorizationModel
    var tuples: [RelationshipTuple] = []
    var contextualTuples: [RelationshipTuple] = []
    var context: ConditionContext = [:]
    var questions: [Question] = []

    /// What is asked: whether the user has the relation to the object, which objects of its type he has it to, and who has it.
    struct Question: Sendable, Hashable {
        var object: ObjectReference
        var relation: String
        var user: UserReference

        var key: TupleKey { TupleKey(object: object, relation: relation, user: user) }
        var statement: BruteForce.Statement { BruteForce.Statement(object: object, relation: relation) }
    }

    /// Those who are asked about.
    var users: Set<UserReference> { Set(questions.map(\.user)) }

    /// The tuples that an evaluation sees: of two with one key, OpenFGA takes the one that came with the request.
    var visibleTuples: [RelationshipTuple] {
        let overridden = Set(contextualTuples.map(\.key))
        return contextualTuples + tuples.filter { !overridden.contains($0.key) }
    }
}

extension AuthorizationModel {
    func type(_ name: String) -> TypeDefinition? { types.first { $0.name == name } }

    func relation(_ relation: String, of type: String) -> RelationDefinition? {
        self.type(type)?.relations.first { $0.name == relation }
    }
}

extension UsersetRewrite {
    var operands: [UsersetRewrite] {
        switch self {
        case .direct, .computed, .tupleToUserset: []
        case .union(let operands), .intersection(let operands): operands
        case .exclusion(let base, let subtracted): [base, subtracted]
        }
    }

    /// What stands at the leaves, from left to right.
    var leaves: [UsersetRewrite] { operands.isEmpty ? [self] : operands.flatMap(\.leaves) }
}
