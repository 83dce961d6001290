/// Makes the parts of a ``CompiledModel``.
struct ModelCompiler {
    private let model: AuthorizationModel
    private(set) var relations: [CompiledRelation] = []
    private(set) var operands: [CompiledRewrite] = []
    private(set) var tuplesets: [CompiledTupleset] = []
    private(set) var references: [String] = []
    private(set) var numbers: [String: Int] = [:]
    private(set) var conditions: [String: CompiledCondition] = [:]
    private(set) var conditionSets: [Set<String>] = []
    private var assignable: [[AssignableKind]] = []
    private var definitions: [(type: String, definition: RelationDefinition)] = []

    init(_ model: AuthorizationModel) { self.model = model }

    mutating func compile() throws(InvalidModel) {
        for condition in model.conditions {
            do { conditions[condition.name] = try CompiledCondition(condition) } catch { throw InvalidModel(problems: [error]) }
        }
        numberReferences()
        for (_, definition) in definitions { assignable.append(try assignableKinds(of: definition)) }
        let plain = plainRelations()
        for (number, (type, definition)) in definitions.enumerated() {
            let rewrite = try compile(definition.rewrite, of: type)
            relations.append(
                CompiledRelation(type: type, name: definition.name, rewrite: rewrite, assignable: assignable[number], isPlain: plain[number]))
        }
    }

    /// For each reference the plain relations that users of its kind are assigned by, of those that make usersets.
    func memberships() -> [[Int]] {
        let usersets = Set(relations.lazy.flatMap(\.assignable).filter { $0.form == .userset }.map(\.reference))
        var memberships: [[Int]] = Array(repeating: [], count: references.count)
        for relation in usersets.sorted() where relations[relation].isPlain {
            for kind in relations[relation].assignable { memberships[kind.reference].append(relation) }
        }
        return memberships
    }

    /// For each relation whether its users follow from tuples alone: a relation does not if one does not that it is made of.
    private func plainRelations() -> [Bool] {
        var dependents: [[Int]] = Array(repeating: [], count: definitions.count)
        for (number, kinds) in assignable.enumerated() {
            for kind in kinds where kind.form == .userset { dependents[kind.reference].append(number) }
        }
        var plain = zip(definitions, assignable).map { definition, kinds in
            definition.definition.rewrite == .direct && kinds.allSatisfy { $0.isUnconditional && $0.conditions == nil }
        }
        var pending = plain.indices.filter { !plain[$0] }
        while let number = pending.popLast() {
            for dependent in dependents[number] where plain[dependent] {
                plain[dependent] = false
                pending.append(dependent)
            }
        }
        return plain
    }

    /// Relations come first, so that each has the number of its reference.
    private mutating func numberReferences() {
        for type in model.types {
            for relation in type.relations {
                definitions.append((type.name, relation))
                number("\(type.name)#\(relation.name)")
            }
        }
        for type in model.types {
            number(type.name)
            number("\(type.name):*")
        }
    }

    private mutating func number(_ reference: String) {
        guard numbers[reference] == nil else { return }
        numbers[reference] = references.count
        references.append(reference)
    }

    private func number(of reference: String) throws(InvalidModel) -> Int {
        guard let number = numbers[reference] else {
            throw InvalidModel(problems: [ModelProblem("'\(reference)' is used but not defined: define it or remove what uses it")])
        }
        return number
    }

    private mutating func assignableKinds(of definition: RelationDefinition) throws(InvalidModel) -> [AssignableKind] {
        var kinds: [AssignableKind] = []
        var seen: Set<Int> = []
        for restriction in definition.directTypes {
            let reference = try number(of: restriction.reference)
            guard seen.insert(reference).inserted else { continue }
            // Which conditions a tuple may have goes by the exact kind of its user; see ``TupleRules``.
            let same = definition.directTypes.filter { $0.type == restriction.type && $0.form == restriction.form }
            kinds.append(
                AssignableKind(
                    reference: reference, form: AssignableKind.Form(restriction.form), isUnconditional: same.contains { $0.condition == nil },
                    conditions: conditionSet(Set(same.compactMap(\.condition)))))
        }
        return kinds.filter { $0.form != .userset } + kinds.filter { $0.form == .userset }
    }

    private mutating func conditionSet(_ names: Set<String>) -> Int? {
        guard !names.isEmpty else { return nil }
        conditionSets.append(names)
        return conditionSets.count - 1
    }

    private mutating func compile(_ rewrite: UsersetRewrite, of type: String) throws(InvalidModel) -> CompiledRewrite {
        switch rewrite {
        case .direct: return .direct
        case .computed(let relation): return .computed(relation: try number(of: "\(type)#\(relation)"))
        case .tupleToUserset(let tupleset, let relation):
            tuplesets.append(try compile(tupleset: tupleset, relation: relation, of: type))
            return .tupleToUserset(tuplesets.count - 1)
        case .union(let rewrites): return .union(try compile(rewrites, of: type))
        case .intersection(let rewrites): return .intersection(try compile(rewrites, of: type))
        case .exclusion(let base, let subtracted): return .exclusion(try compile([base, subtracted], of: type).lowerBound)
        }
    }

    private mutating func compile(_ rewrites: [UsersetRewrite], of type: String) throws(InvalidModel) -> Range<Int> {
        let places = operands.count..<operands.count + rewrites.count
        operands += repeatElement(.direct, count: rewrites.count)
        for (place, rewrite) in zip(places, rewrites) { operands[place] = try compile(rewrite, of: type) }
        return places
    }

    private func compile(tupleset: String, relation: String, of type: String) throws(InvalidModel) -> CompiledTupleset {
        let number = try number(of: "\(type)#\(tupleset)")
        // A tuple may name neither a wildcard nor a userset as a parent.
        let parents = assignable[number].filter { $0.form == .object }
        return CompiledTupleset(
            relation: number, parents: parents.map { kind in (kind, numbers["\(references[kind.reference])#\(relation)"]) })
    }
}

extension AssignableKind.Form {
    fileprivate init(_ form: TypeRestriction.Form) {
        switch form {
        case .object: self = .object
        case .wildcard: self = .wildcard
        case .userset: self = .userset
        }
    }
}

extension TypeRestriction {
    /// `user`, `user:*` or `group#member`.
    var reference: String {
        switch form {
        case .object: type
        case .wildcard: "\(type):*"
        case .userset(let relation): "\(type)#\(relation)"
        }
    }
}
