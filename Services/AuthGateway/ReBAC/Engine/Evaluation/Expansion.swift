/// Walks a ``UsersetGraph`` along the tuples, to each object of each reference once, and yields where it comes to a goal.
///
/// Circles end where they began. Ways that suffice are walked before those that do not, so that only what no sure way leads to must be confirmed.
struct Expansion {
    enum Direction {
        /// From an object to its users.
        case down
        /// From a user to objects.
        case up
    }

    /// An object, user or userset that the walk has come to.
    struct Place {
        /// In the graph.
        var reference: Int
        var name: TupleIndex.ID
        var standing = Standing.sufficient
        /// How many steps it is away from the start.
        var distance = 0
    }

    private let graph: UsersetGraph
    private let direction: Direction
    private let goals: Set<Int>
    private var reading: ListReading
    private let depth: Int
    private var walks: [Walk]
    /// Whether the time was over before everything was found.
    private(set) var isOver = false

    /// What is walked with one standing.
    private struct Walk {
        var visited: Set<UInt64> = []
        var places: [Place] = []
        var readings = Queue<Reading>()
    }

    /// Tuples that lead from a place to others.
    private struct Reading {
        var tuples: IndexedTuples
        let kind: AssignableKind
        /// But for its name.
        let destination: Place
    }

    /// - Parameter depth: How many steps from the start is too far.
    init(_ graph: UsersetGraph, _ direction: Direction, from places: [Place], to goals: Set<Int>, reading: ListReading, depth: Int = .max) {
        self.graph = graph
        self.direction = direction
        self.goals = goals
        self.reading = reading
        self.depth = depth
        walks = Standing.allCases.map { _ in Walk() }
        walks[Standing.sufficient.rawValue].places = places
    }

    /// The first condition on the way that could not be decided.
    var failure: EvaluationFailure? { reading.failure }

    /// The next place at a goal; nil when there are no more or the time is over.
    mutating func next() throws(EvaluationFailure) -> Place? {
        while let current = walks.firstIndex(where: { !$0.places.isEmpty || !$0.readings.isEmpty }) {
            if reading.isOver() {
                isOver = true
                return nil
            }
            guard let place = walks[current].places.popLast() ?? read(current), visit(place) else { continue }
            try leave(place)
            if goals.contains(place.reference), place.standing != .contrary { return place }
        }
        return nil
    }

    /// Where the next tuple leads; nil if it does not count or there is none.
    private mutating func read(_ walk: Int) -> Place? {
        guard let tuple = walks[walk].readings.first?.tuples.next() else {
            walks[walk].readings.removeFirst()
            return nil
        }
        guard let current = walks[walk].readings.first, reading.counts(tuple, as: current.kind) else { return nil }
        var place = current.destination
        place.name = direction == .down ? tuple.user : tuple.object
        return place
    }

    /// - Returns: Whether it is the first visit. Where a way that suffices has led, one that does not has nothing to add.
    private mutating func visit(_ place: Place) -> Bool {
        let key = UInt64(place.reference) << 32 | UInt64(place.name)
        if place.standing == .possible, walks[Standing.sufficient.rawValue].visited.contains(key) { return false }
        return walks[place.standing.rawValue].visited.insert(key).inserted
    }

    /// Prepares all steps from a place.
    private mutating func leave(_ place: Place) throws(EvaluationFailure) {
        guard let edges = (direction == .down ? graph.downward : graph.upward)[place.reference] else { return }
        guard place.distance < depth else { throw .tooDeep }
        for edge in edges {
            let standing = place.standing.followed(by: edge.standing)
            // Upwards nobody gains anything by being subtracted; downwards he does if that is subtracted in turn.
            if standing == .contrary, direction == .up || !graph.subtracts(below: edge.lower) { continue }
            let reference = direction == .down ? edge.lower : edge.upper
            let destination = Place(reference: reference, name: place.name, standing: standing, distance: place.distance + 1)
            guard let connection = edge.connection else {
                walks[standing.rawValue].places.append(destination)
                continue
            }
            let tuples =
                direction == .down
                ? reading.tuples.tuples(relation: connection.relation, object: place.name, kind: connection.reference)
                : reading.tuples.tuples(kind: connection.reference, user: place.name, relation: connection.relation)
            walks[standing.rawValue].readings.append(Reading(tuples: tuples, kind: connection.kind, destination: destination))
        }
    }
}

/// First in, first out.
private struct Queue<Element> {
    private var elements: [Element] = []
    private var head = 0

    var isEmpty: Bool { head == elements.count }

    var first: Element? {
        get { isEmpty ? nil : elements[head] }
        _modify {
            var first = isEmpty ? nil : elements[head]
            defer { if let first { elements[head] = first } }
            yield &first
        }
    }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func removeFirst() {
        guard !isEmpty else { return }
        head += 1
        guard head * 2 > elements.count else { return }
        elements.removeFirst(head)
        head = 0
    }
}
