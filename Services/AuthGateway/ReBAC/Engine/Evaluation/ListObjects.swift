extension Evaluator {
    /// The objects of a type to which a user has a relation: those for which ``check(_:contextualTuples:context:limits:)`` says yes.
    ///
    /// It goes from the user along the tuples to objects, so it looks only at what he can reach; where an `and` or `but not` has its say, it checks.
    /// As in OpenFGA's ListObjects the answer has at most as many objects as wanted, and only those that were found if the time is over before all are.
    /// - Parameter maximum: How many objects are wanted; 0: all.
    /// - Returns: Each object once, in no particular order.
    /// - Throws: ``EvaluationFailure/invalidQuestion(_:)``; ``EvaluationFailure/undecidedCondition(name:reason:)`` if a condition on the way could not be decided
    ///   and fewer objects were found than wanted; ``EvaluationFailure/tooDeep`` if an object must be checked and is too deep for that.
    ///   Being out of time is no failure.
    public func listObjects(
        ofType type: String, relation: String, user: UserReference, contextualTuples: [RelationshipTuple] = [], context: ConditionContext = [:],
        limits: EvaluationLimits, maximum: Int = 1000
    ) throws(EvaluationFailure) -> [ObjectReference] {
        let tuples = try tuples(adding: contextualTuples)
        let goal = try model.askable(relation, of: type)
        try model.requireAskable(user.kind)
        let starts = user.guises.compactMap { user in
            model.number(of: user.reference).map { Expansion.Place(reference: $0, name: tuples.name(user.id)) }
        }
        let graph = UsersetGraph(from: Set(starts.map(\.reference)), to: goal, model: model, tuples: tuples)
        let reading = ListReading(model: model, tuples: tuples, context: context, deadline: limits.deadline)
        let listing = Listing(evaluator: Evaluator(model: model, tuples: tuples), context: context, limits: limits, maximum: maximum)
        return try listing.collect(Expansion(graph, .up, from: starts, to: [goal], reading: reading)) { place in
            // Only an object that the question itself names can be without a number.
            let object = ObjectReference(type: type, id: place.name == NameTable.unknown ? user.id : tuples.id(ofName: place.name))
            return (object, TupleKey(object: object, relation: relation, user: user))
        }
    }
}

extension UserReference {
    fileprivate var kind: UserFilter {
        if case .userset(let object, let relation) = self { UserFilter(type: object.type, relation: relation) } else { UserFilter(type: type) }
    }

    /// Whom a tuple must name to relate this user directly.
    fileprivate var guises: [UserReference] {
        if case .object(let object) = self { [self, .wildcard(type: object.type)] } else { [self] }
    }
}
