import ReBAC

/// `document#viewer`: a relation of all objects of a type.
struct TypedRelation: Hashable {
    var type: String
    var relation: String
}

/// What the naive evaluator and the generator have to know of a model, by looking through all of it each time.
extension AuthorizationModel {
    var allRelations: [TypedRelation] { types.flatMap { type in type.relations.map { TypedRelation(type: type.name, relation: $0.name) } } }

    /// Whether a tuple is one that the model lets in. Others are ignored wherever they are met.
    func allows(_ tuple: RelationshipTuple) -> Bool {
        let user = tuple.key.user
        let restrictions = relation(tuple.key.relation, of: tuple.key.object.type)?.directTypes.filter { $0.type == user.type } ?? []
        guard tuple.condition.map({ condition in conditions.contains { $0.name == condition.name } }) ?? true else { return false }
        return restrictions.contains { $0.form.fits(user) && $0.condition == tuple.condition?.name }
    }

    /// The relations that a user of this kind might have by any tuples whatever; what is subtracted counts as a way too.
    func relations(reachableFrom user: UserReference) -> Set<TypedRelation> {
        var itself: Set<TypedRelation> = []
        if case .userset(let object, let relation) = user { itself = [TypedRelation(type: object.type, relation: relation)] }
        return grow(from: itself) { type, rewrite, directTypes, reached in
            switch rewrite {
            case .direct: directTypes.contains { Self.leads(from: user, through: $0, reached) }
            case .computed(let relation): reached.contains(TypedRelation(type: type, relation: relation))
            case .tupleToUserset(let tupleset, let relation): isReached(relation, through: tupleset, of: type, reached)
            case .union, .intersection, .exclusion: nil
            }
        } combine: { _, parts in parts.contains(true) }
    }

    /// The relations that somebody can have: those through which some tuple leads. OpenFGA refuses models with others.
    var relationsWithEntrypoint: Set<TypedRelation> {
        grow(from: []) { type, rewrite, directTypes, reached in
            switch rewrite {
            case .direct:
                directTypes.contains {
                    if case .userset(let relation) = $0.form { reached.contains(TypedRelation(type: $0.type, relation: relation)) } else { true }
                }
            case .computed(let relation): reached.contains(TypedRelation(type: type, relation: relation))
            case .tupleToUserset(let tupleset, let relation): isReached(relation, through: tupleset, of: type, reached)
            case .union, .intersection, .exclusion: nil
            }
        } combine: { rewrite, parts in
            if case .union = rewrite { parts.contains(true) } else { parts.allSatisfy { $0 } }
        }
    }

    private static func leads(from user: UserReference, through restriction: TypeRestriction, _ reached: Set<TypedRelation>) -> Bool {
        guard case .userset(let relation) = restriction.form else {
            if case .userset = user { return false }
            return restriction.type == user.type
        }
        return reached.contains(TypedRelation(type: restriction.type, relation: relation))
    }

    private func isReached(_ relation: String, through tupleset: String, of type: String, _ reached: Set<TypedRelation>) -> Bool {
        (self.relation(tupleset, of: type)?.directTypes ?? []).contains { reached.contains(TypedRelation(type: $0.type, relation: relation)) }
    }

    private func grow(
        from start: Set<TypedRelation>, leaf: (String, UsersetRewrite, [TypeRestriction], Set<TypedRelation>) -> Bool?, combine: (UsersetRewrite, [Bool]) -> Bool
    ) -> Set<TypedRelation> {
        var reached = start
        func holds(_ rewrite: UsersetRewrite, _ type: String, _ directTypes: [TypeRestriction]) -> Bool {
            leaf(type, rewrite, directTypes, reached) ?? combine(rewrite, rewrite.operands.map { holds($0, type, directTypes) })
        }
        while true {
            let before = reached.count
            for type in types {
                for relation in type.relations where holds(relation.rewrite, type.name, relation.directTypes) {
                    reached.insert(TypedRelation(type: type.name, relation: relation.name))
                }
            }
            if reached.count == before { return reached }
        }
    }
}

extension TypeRestriction.Form {
    fileprivate func fits(_ user: UserReference) -> Bool {
        switch (self, user) {
        case (.object, .object), (.wildcard, .wildcard): true
        case (.userset(let wanted), .userset(_, let relation)): wanted == relation
        default: false
        }
    }
}
