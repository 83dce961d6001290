import ReBAC

/// Makes models that OpenFGA would take: 1 to 4 types, every operator in any nesting, all kinds of users, circles through groups and parents.
struct RandomModel {
    private static let typeNames = ["user", "group", "folder", "document"]
    private static let relationNames = ["owner", "editor", "viewer"]
    /// A relation that only says which objects belong together: `viewer from parent` starts here.
    private static let tupleset = "parent"

    /// What each type will have, known before any relation is written, since they refer to each other.
    private let relations: [(type: String, names: [String])]
    private let withConditions: Bool

    static func make(using random: inout SplitMix) -> AuthorizationModel {
        let names = typeNames.prefix(1 + random.below(typeNames.count))
        let relations = names.map { type in
            let isPlain = type == "user" && names.count > 1 && random.chance(80)
            return (type, isPlain ? [] : Array(relationNames.prefix(1 + random.below(relationNames.count))))
        }
        let plan = RandomModel(relations: relations, withConditions: random.chance(30))
        var model = AuthorizationModel(types: plan.types(using: &random), conditions: plan.withConditions ? SampleConditions.all : [])
        model.openDeadEnds()
        return model
    }

    // MARK: - Types

    private func types(using random: inout SplitMix) -> [TypeDefinition] {
        let parents = relations.map { $0.names.isEmpty || !random.chance(60) ? [] : objectRestrictions(using: &random) }
        return zip(relations, parents).map { planned, parents in
            var type = TypeDefinition(name: planned.type)
            if !parents.isEmpty {
                type.relations.append(RelationDefinition(name: Self.tupleset, rewrite: .direct, directTypes: parents))
            }
            for (index, name) in planned.names.enumerated() {
                let scope = Scope(earlier: Array(planned.names.prefix(index)), inherited: inheritable(through: parents))
                type.relations.append(relation(name, scope, using: &random))
            }
            return type
        }
    }

    /// What a relation may refer to. Of its own type only what comes before, so that rewrites never run in a circle.
    private struct Scope {
        var earlier: [String]
        /// Relations that at least one type of parents has.
        var inherited: [String]
    }

    private func inheritable(through parents: [TypeRestriction]) -> [String] {
        let types = Set(parents.map(\.type))
        return Self.relationNames.filter { name in relations.contains { types.contains($0.type) && $0.names.contains(name) } }
    }

    private func relation(_ name: String, _ scope: Scope, using random: inout SplitMix) -> RelationDefinition {
        var isDirect = false
        let rewrite = rewrite(scope, depth: 0, &isDirect, using: &random)
        return RelationDefinition(name: name, rewrite: rewrite, directTypes: isDirect ? restrictions(using: &random) : [])
    }

    // MARK: - Rewrites

    /// `isDirect`: the brackets stand there already; the DSL has room for one pair.
    private func rewrite(_ scope: Scope, depth: Int, _ isDirect: inout Bool, using random: inout SplitMix) -> UsersetRewrite {
        if depth < 3, random.chance(45 - 10 * depth) {
            let isExclusion = random.chance(33)
            var operands: [UsersetRewrite] = []
            for _ in 0..<(!isExclusion && random.chance(20) ? 3 : 2) { operands.append(rewrite(scope, depth: depth + 1, &isDirect, using: &random)) }
            if isExclusion { return .exclusion(base: operands[0], subtracted: operands[1]) }
            return random.chance(50) ? .union(operands) : .intersection(operands)
        }
        var leaves: [UsersetRewrite] = scope.earlier.map { .computed(relation: $0) }
        leaves += scope.inherited.map { .tupleToUserset(tupleset: Self.tupleset, relation: $0) }
        if !isDirect, random.chance(60), let _ = leaves.first { leaves = [] }
        guard let leaf = random.pick(leaves) else {
            isDirect = true
            return .direct
        }
        return leaf
    }

    private func restrictions(using random: inout SplitMix) -> [TypeRestriction] {
        var restrictions: [TypeRestriction] = []
        for _ in 0..<(1 + random.below(3)) {
            guard let (type, names) = random.pick(relations) else { continue }
            var restriction = TypeRestriction(type: type)
            switch random.below(5) {
            case 0, 1: break
            case 2: restriction.form = .wildcard
            default: if let relation = random.pick(names) { restriction.form = .userset(relation: relation) }
            }
            if withConditions, random.chance(50) { restriction.condition = random.pick(SampleConditions.all)?.name }
            if !restrictions.contains(restriction) { restrictions.append(restriction) }
        }
        return restrictions
    }

    private func objectRestrictions(using random: inout SplitMix) -> [TypeRestriction] {
        let related = relations.filter { !$0.names.isEmpty }.map(\.type)
        var restrictions: [TypeRestriction] = []
        for _ in 0..<(1 + random.below(2)) {
            guard let type = random.pick(related) else { continue }
            let restriction = TypeRestriction(type: type, condition: withConditions && random.chance(30) ? "open" : nil)
            if !restrictions.contains(restriction) { restrictions.append(restriction) }
        }
        return restrictions
    }
}

extension AuthorizationModel {
    /// Lets users directly into relations that nobody could ever have.
    fileprivate mutating func openDeadEnds() {
        while let (type, relation) = firstDeadEnd {
            types[type].relations[relation].rewrite = .direct
            types[type].relations[relation].directTypes = [TypeRestriction(type: "user")]
        }
    }

    private var firstDeadEnd: (Int, Int)? {
        let open = relationsWithEntrypoint
        for (index, type) in types.enumerated() {
            let closed = type.relations.firstIndex { !open.contains(TypedRelation(type: type.name, relation: $0.name)) }
            if let closed { return (index, closed) }
        }
        return nil
    }
}
