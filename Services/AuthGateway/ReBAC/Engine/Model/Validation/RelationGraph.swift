/// Which relations of a model lead to which, to find those that can never hold for anyone and those that are defined by themselves.
///
/// Everything that the model refers to must be defined.
struct RelationGraph {
    private struct Node {
        let type: String
        let relation: RelationDefinition
    }

    private let nodes: [Node]
    private let types: [String: ModelTypeIndex]
    private let numbers: [String: [String: Int]]

    init(_ model: AuthorizationModel) {
        nodes = model.types.flatMap { type in type.relations.map { Node(type: type.name, relation: $0) } }
        types = ModelTypeIndex.all(of: model)
        var numbers: [String: [String: Int]] = [:]
        for (number, node) in nodes.enumerated() { numbers[node.type, default: [:]][node.relation.name] = number }
        self.numbers = numbers
    }

    // MARK: Entrypoints

    /// Relations that no tuple can ever make hold, since every way to them ends in themselves.
    ///
    /// Whether there is a way is a monotone question, so the answer is the least fixpoint: a gate opens when enough of what leads to it has opened.
    func withoutEntrypoint() -> [ModelFinding] {
        var gates = Gates(count: nodes.count)
        for (number, node) in nodes.enumerated() { add(node.relation.rewrite, of: node, to: &gates, before: number) }
        gates.open()
        guard gates.isOpen[..<nodes.count].contains(false) else { return [] }

        let edges = nodes.map { node in closedReferences(of: node.relation.rewrite, of: node, isOpen: gates.isOpen) }
        let isLooping = reachingCycles(along: edges)
        return nodes.indices.filter { !gates.isOpen[$0] }.map { number in
            .invalidRelation(
                nodes[number].relation.name, of: nodes[number].type,
                isLooping[number] ? "potential loop: no tuple could ever make it hold" : "no entrypoints defined: no tuple could ever make it hold")
        }
    }

    /// Makes the gate `target` open when this rewrite can hold.
    private func add(_ rewrite: UsersetRewrite, of node: Node, to gates: inout Gates, before target: Int) {
        switch rewrite {
        case .direct:
            for restriction in node.relation.directTypes {
                switch restriction.form {
                case .object, .wildcard: gates.connect(nil, to: target)
                case .userset(let relation): gates.connect(numbers[restriction.type]?[relation], to: target)
                }
            }
        case .computed(let relation):
            gates.connect(numbers[node.type]?[relation], to: target)
        case .tupleToUserset(let tupleset, let relation):
            for type in types[node.type]?.directTypes[tupleset] ?? [] {
                if let number = numbers[type]?[relation] { gates.connect(number, to: target) }
            }
        case .union(let operands):
            for operand in operands { add(operand, of: node, to: &gates, before: target) }
        case .intersection(let operands):
            addAll(operands, of: node, to: &gates, before: target)
        case .exclusion(let base, let subtracted):
            addAll([base, subtracted], of: node, to: &gates, before: target)
        }
    }

    private func addAll(_ operands: [UsersetRewrite], of node: Node, to gates: inout Gates, before target: Int) {
        let all = gates.make(needing: operands.count)
        gates.connect(all, to: target)
        for operand in operands {
            let one = gates.make(needing: 1)
            gates.connect(one, to: all)
            add(operand, of: node, to: &gates, before: one)
        }
    }

    /// Relations of the same object, themselves without an entrypoint, that a rewrite refers to: the ways of what OpenFGA calls a loop.
    private func closedReferences(of rewrite: UsersetRewrite, of node: Node, isOpen: [Bool]) -> [Int] {
        rewrite.leaves.compactMap { leaf in
            guard case .computed(let relation) = leaf, let number = numbers[node.type]?[relation], !isOpen[number] else { return nil }
            return number
        }
    }

    // MARK: Cycles

    /// Relations that are defined by themselves through relations of the same object, even if others lead to them as well.
    func onCycles() -> [ModelFinding] {
        let edges = nodes.map { node in
            node.relation.rewrite.leaves.compactMap { leaf -> Int? in
                guard case .computed(let relation) = leaf else { return nil }
                return numbers[node.type]?[relation]
            }
        }
        var reversed = [[Int]](repeating: [], count: nodes.count)
        for (number, targets) in edges.enumerated() { for target in targets { reversed[target].append(number) } }
        return zip(nodes, zip(reachingCycles(along: edges), reachingCycles(along: reversed))).compactMap { node, reaches in
            guard reaches.0, reaches.1 else { return nil }
            return .invalidRelation(node.relation.name, of: node.type, "an authorization model cannot contain a cycle")
        }
    }

    /// For each node, whether a way along the edges leads from it into a cycle: those that are left when nodes without a way on are taken away,
    /// again and again.
    private func reachingCycles(along edges: [[Int]]) -> [Bool] {
        var ways = edges.map(\.count)
        var sources = [[Int]](repeating: [], count: edges.count)
        for (number, targets) in edges.enumerated() { for target in targets { sources[target].append(number) } }
        var ends = ways.indices.filter { ways[$0] == 0 }
        while let end = ends.popLast() {
            for source in sources[end] {
                ways[source] -= 1
                if ways[source] == 0 { ends.append(source) }
            }
        }
        return ways.map { $0 > 0 }
    }
}

/// Gates that open when enough of those before them have: the least solution of equations of "and" and "or", in linear time.
private struct Gates {
    private(set) var isOpen: [Bool]
    private var missing: [Int]
    private var following: [[Int]]
    private var opened: [Int] = []

    /// Gates that need one that leads to them.
    init(count: Int) {
        isOpen = Array(repeating: false, count: count)
        missing = Array(repeating: 1, count: count)
        following = Array(repeating: [], count: count)
    }

    mutating func make(needing count: Int) -> Int {
        isOpen.append(false)
        missing.append(count)
        following.append([])
        return isOpen.count - 1
    }

    /// Nil leads to the gate without a condition.
    mutating func connect(_ gate: Int?, to target: Int) {
        if let gate { following[gate].append(target) } else { count(target) }
    }

    mutating func open() {
        while let gate = opened.popLast() {
            for target in following[gate] { count(target) }
        }
    }

    private mutating func count(_ gate: Int) {
        guard !isOpen[gate] else { return }
        missing[gate] -= 1
        guard missing[gate] == 0 else { return }
        isOpen[gate] = true
        opened.append(gate)
    }
}
