/// How users of some kinds come to a relation by a model: its references (`document#viewer`, `group#member`, `user`, `user:*`) and what lies between them.
///
/// It has only what is on a way between the two, so listings never look at tuples that cannot matter.
struct UsersetGraph {
    /// The users of the lower reference are, or count against being, users of the upper one.
    struct Edge {
        /// A relation.
        let upper: Int
        let lower: Int
        /// The tuples that connect an object of the upper with an object, or user, of the lower; absent where both speak of the same object.
        let connection: Connection?
        let standing: Standing
    }

    struct Connection {
        /// The index's number of the relation that the tuples have.
        let relation: TupleIndex.ID
        /// The index's number of the kind.
        let reference: TupleIndex.ID
        let kind: AssignableKind
    }

    /// By their upper references.
    private(set) var downward: [Int: [Edge]] = [:]
    /// By their lower references.
    private(set) var upward: [Int: [Edge]] = [:]
    /// The references below which something is subtracted.
    private var subtracting: Set<Int> = []
    private let users: Set<Int>
    private let model: CompiledModel

    /// - Parameter users: References of those who are, or may be, in question.
    init(from users: Set<Int>, to relation: Int, model: CompiledModel, tuples: TupleIndex) {
        self.users = users
        self.model = model
        var pending = [relation]
        while let relation = pending.popLast() {
            guard downward[relation] == nil else { continue }
            let edges = edges(below: relation, tuples)
            downward[relation] = edges
            for edge in edges { upward[edge.lower, default: []].append(edge) }
            pending += edges.map(\.lower).filter { $0 < model.relations.count }
        }
        markSubtracting()
    }

    /// Whether on some way down from a reference something is subtracted.
    func subtracts(below reference: Int) -> Bool { subtracting.contains(reference) }

    private func edges(below relation: Int, _ tuples: TupleIndex) -> [Edge] {
        func connection(_ relation: Int, _ kind: AssignableKind) -> Connection {
            Connection(relation: tuples.reference(model.references[relation]), reference: tuples.reference(model.references[kind.reference]), kind: kind)
        }
        let edges = standingLeaves(of: model.relations[relation].rewrite).flatMap { leaf, standing -> [Edge] in
            switch leaf {
            case .direct:
                model.relations[relation].assignable.map { kind in
                    Edge(upper: relation, lower: kind.reference, connection: connection(relation, kind), standing: standing)
                }
            case .computed(let lower): [Edge(upper: relation, lower: lower, connection: nil, standing: standing)]
            case .tupleToUserset(let place):
                model.tuplesets[place].parents.compactMap { kind, lower in
                    lower.map { Edge(upper: relation, lower: $0, connection: connection(model.tuplesets[place].relation, kind), standing: standing) }
                }
            case .union, .intersection, .exclusion: []
            }
        }
        return edges.filter { leadsToUsers($0.lower) }
    }

    private func leadsToUsers(_ reference: Int) -> Bool {
        users.contains(reference)
            || reference < model.relations.count && users.contains { model.reachability.leads(from: $0, to: reference) }
    }

    /// What stands at the leaves of a rewrite, and what being found there means.
    private func standingLeaves(of rewrite: CompiledRewrite) -> [(CompiledRewrite, Standing)] {
        var leaves: [(CompiledRewrite, Standing)] = []
        var pending = [(rewrite, Standing.sufficient)]
        while let (rewrite, standing) = pending.popLast() {
            switch rewrite {
            case .direct, .computed, .tupleToUserset: leaves.append((rewrite, standing))
            case .union(let places): pending += model.operands[places].map { ($0, standing) }
            case .intersection(let places): pending += model.operands[places].map { ($0, standing.followed(by: .possible)) }
            case .exclusion(let base):
                pending.append((model.operands[base], standing.followed(by: .possible)))
                pending.append((model.operands[base + 1], standing.followed(by: .contrary)))
            }
        }
        return leaves
    }

    private mutating func markSubtracting() {
        var pending = downward.filter { $0.value.contains { $0.standing == .contrary } }.map(\.key)
        while let reference = pending.popLast() {
            guard subtracting.insert(reference).inserted else { continue }
            pending += (upward[reference] ?? []).map(\.upper)
        }
    }
}
