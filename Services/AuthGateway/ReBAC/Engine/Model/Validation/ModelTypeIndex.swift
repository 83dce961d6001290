/// The relations of a type by name, for looking up many times. Of two definitions with one name the first stays.
struct ModelTypeIndex: Sendable {
    private(set) var relations: [String: RelationDefinition] = [:]
    /// Relations that stand behind a `from` of a relation of the type.
    private(set) var tuplesets: Set<String> = []
    /// The types in the brackets of each relation that is a tupleset, each once. Only those that the model has: as many as a model can have bound
    /// what looking at them costs for each `from`.
    private(set) var directTypes: [String: Set<String>] = [:]

    private init(_ type: TypeDefinition, known: Set<String>) {
        for relation in type.relations where relations[relation.name] == nil { relations[relation.name] = relation }
        for relation in type.relations {
            for case .tupleToUserset(let tupleset, _) in relation.rewrite.leaves { tuplesets.insert(tupleset) }
        }
        for tupleset in tuplesets { directTypes[tupleset] = known.intersection(relations[tupleset]?.directTypes.map(\.type) ?? []) }
    }

    static func all(of model: AuthorizationModel) -> [String: ModelTypeIndex] {
        let known = Set(model.types.map(\.name))
        return Dictionary(model.types.map { ($0.name, ModelTypeIndex($0, known: known)) }, uniquingKeysWith: { first, _ in first })
    }
}

extension UsersetRewrite {
    /// The rewrites without operands of their own, in the order in which they stand; an operator that has none is one.
    var leaves: [UsersetRewrite] {
        var leaves: [UsersetRewrite] = []
        var pending = [self]
        while let rewrite = pending.popLast() {
            switch rewrite {
            case .union(let operands) where !operands.isEmpty, .intersection(let operands) where !operands.isEmpty:
                pending.append(contentsOf: operands.reversed())
            case .exclusion(let base, let subtracted): pending += [subtracted, base]
            default: leaves.append(rewrite)
            }
        }
        return leaves
    }
}
