extension Evaluator {
    /// How the users of a relation to an object are made up, as OpenFGA's Expand tells it: the rewrite of the relation with its tuples filled in. Usersets
    /// that it comes to are named and not expanded in turn; conditions are not decided.
    ///
    /// - Returns: Users and usersets in the order of their texts.
    /// - Throws: ``EvaluationFailure/invalidQuestion(_:)``.
    public func expand(
        _ object: ObjectReference, relation: String, contextualTuples: [RelationshipTuple] = []
    ) throws(EvaluationFailure) -> UsersetTree {
        let number = try model.askable(relation, of: object.type)
        let definition = model.model.types.first { $0.name == object.type }?.relations.first { $0.name == relation }
        guard let definition else { throw .invalidQuestion("relation '\(object.type)#\(relation)' not found") }
        let expansion = TreeExpansion(object: object, relation: number, model: model, tuples: try tuples(adding: contextualTuples))
        return UsersetTree(root: expansion.node(definition.rewrite))
    }
}

/// Makes the tree of one relation to an object. Rewrites are nested no deeper than a model may nest them, so it may recurse.
private struct TreeExpansion {
    let object: ObjectReference
    let relation: Int
    let model: CompiledModel
    let tuples: TupleIndex

    func node(_ rewrite: UsersetRewrite) -> UsersetTree.Node {
        UsersetTree.Node(name: userset(model.relations[relation].name), value: value(rewrite))
    }

    private func value(_ rewrite: UsersetRewrite) -> UsersetTree.Value {
        switch rewrite {
        case .direct: .users(users(relation))
        case .computed(let relation): .computed(userset(relation))
        case .tupleToUserset(let tupleset, let relation):
            .tupleToUserset(tupleset: userset(tupleset), computed: parents(tupleset).map { UsersetTree.Userset(object: $0, relation: relation) })
        case .union(let operands): .union(operands.map(node))
        case .intersection(let operands): .intersection(operands.map(node))
        case .exclusion(let base, let subtracted): .difference(base: node(base), subtract: node(subtracted))
        }
    }

    /// Also those whose type does not have the relation wanted of them, as in OpenFGA.
    private func parents(_ tupleset: String) -> [ObjectReference] {
        guard let tupleset = model.relation(tupleset, of: object.type) else { return [] }
        return users(tupleset).compactMap { user in
            if case .object(let parent) = user { parent } else { nil }
        }
    }

    /// Whom the tuples of a relation name, as far as they fit the model.
    private func users(_ relation: Int) -> [UserReference] {
        let read = tuples.reference(model.references[relation])
        let name = tuples.name(object.id)
        let users = model.relations[relation].assignable.flatMap { kind in
            tuples.tuples(relation: read, object: name, kind: tuples.reference(model.references[kind.reference]))
                .filter { model.fits(tuples.condition(of: $0), of: kind) }
                .map { tuples.user(kind: $0.kind, name: $0.user) }
        }
        return users.map { ($0, $0.description) }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    private func userset(_ relation: String) -> UsersetTree.Userset { UsersetTree.Userset(object: object, relation: relation) }
}

extension CompiledModel {
    /// Whether the model lets in tuples of a kind of users with a condition, or without one; whether it holds is another question.
    func fits(_ condition: TupleCondition?, of kind: AssignableKind) -> Bool {
        guard let condition else { return kind.isUnconditional }
        guard let names = kind.conditions, conditionSets[names].contains(condition.name) else { return false }
        return conditions[condition.name].map { $0.problem(with: condition.context) == nil } ?? false
    }
}
