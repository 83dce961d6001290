/// The usersets that a user is in by tuples alone: the groups, the groups that these are in, and so on.
///
/// A user is mostly in a few groups, while the groups that may see something can have very many others in them. So where tuples alone decide
/// (``CompiledRelation/isPlain``) it is quicker to begin with the user. OpenFGA does the same (`recursiveUserset` in `internal/graph`).
struct Memberships: Sendable {
    /// After as many tuples the other way is likely to be the quicker one.
    private static let maximum = 200

    /// By relation; nil: there are too many.
    private var found: [Int: [(object: TupleIndex.ID, distance: Int)]]?

    init(of user: AskedUser, model: CompiledModel, tuples: TupleIndex, references: inout ReferenceNumbers) {
        var search = Search(model: model, tuples: tuples)
        // A userset has itself as users.
        if user.kind < model.relations.count { search.add(Question(object: user.name, relation: user.kind), distance: 0) }
        search.look(for: user.name, as: user.kind, distance: 0, &references)
        if let wildcard = user.wildcard, wildcard != user.kind { search.look(for: tuples.name("*"), as: wildcard, distance: 0, &references) }
        search.follow(&references)
        guard search.isExhaustive else { return }
        found = Dictionary(grouping: search.order, by: \.relation).mapValues { $0.map { ($0.object, search.distances[$0] ?? 0) } }
    }

    /// The objects of which the user has a plain relation, each with the number of steps from one object to another that lie between; nil if it
    /// is not known.
    func objects(by relation: Int) -> [(object: TupleIndex.ID, distance: Int)]? {
        guard let found else { return nil }
        return found[relation] ?? []
    }

    private struct Search {
        let model: CompiledModel
        let tuples: TupleIndex
        var distances: [Question: Int] = [:]
        var order: [Question] = []
        private var steps = 0

        init(model: CompiledModel, tuples: TupleIndex) {
            self.model = model
            self.tuples = tuples
        }

        var isExhaustive: Bool { steps <= Memberships.maximum }

        mutating func add(_ question: Question, distance: Int) {
            guard distances[question] == nil else { return }
            distances[question] = distance
            order.append(question)
        }

        mutating func look(for name: TupleIndex.ID, as kind: Int, distance: Int, _ references: inout ReferenceNumbers) {
            for relation in model.memberships[kind] {
                for tuple in tuples.tuples(kind: references[kind], user: name, relation: references[relation]) {
                    steps += 1
                    guard isExhaustive else { return }
                    if tuples.condition(of: tuple) == nil { add(Question(object: tuple.object, relation: relation), distance: distance) }
                }
            }
        }

        /// Nearest first, so that the distances are the least.
        mutating func follow(_ references: inout ReferenceNumbers) {
            var next = 0
            while next < order.count, isExhaustive {
                let question = order[next]
                look(for: question.object, as: question.relation, distance: (distances[question] ?? 0) + 1, &references)
                next += 1
            }
        }
    }
}
