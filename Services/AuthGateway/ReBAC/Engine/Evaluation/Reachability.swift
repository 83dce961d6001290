/// Which relations of a model users of a kind may have at all, by any tuples whatever.
///
/// What is subtracted counts as a way, too, as in OpenFGA's `TypeSystem.PathExists`: the question is only whether anything depends on such users.
struct Reachability: Sendable {
    private let wordsPerRow: Int
    /// For each reference a row of bits, one for each relation.
    private var bits: [UInt64]

    /// - Parameter references: How many the model has.
    init(references: Int, relations: [CompiledRelation], operands: [CompiledRewrite], tuplesets: [CompiledTupleset]) {
        wordsPerRow = (relations.count + 63) / 64
        bits = Array(repeating: 0, count: references * wordsPerRow)
        var dependents: [[Int]] = Array(repeating: [], count: references)
        for (number, relation) in relations.enumerated() {
            for reference in relation.dependencies(operands: operands, tuplesets: tuplesets) { dependents[reference].append(number) }
        }
        for reference in 0..<references { mark(from: reference, dependents) }
    }

    /// Whether the users that a reference stands for may have a relation; by their numbers in the model.
    func leads(from reference: Int, to relation: Int) -> Bool {
        reference == relation || bits[reference * wordsPerRow + relation / 64] & 1 << (relation % 64) != 0
    }

    private mutating func mark(from reference: Int, _ dependents: [[Int]]) {
        var pending = dependents[reference]
        while let relation = pending.popLast() {
            let word = reference * wordsPerRow + relation / 64
            let bit: UInt64 = 1 << (relation % 64)
            guard bits[word] & bit == 0 else { continue }
            bits[word] |= bit
            pending += dependents[relation]
        }
    }
}

extension CompiledRelation {
    /// The references of all that can give this relation to somebody.
    fileprivate func dependencies(operands: [CompiledRewrite], tuplesets: [CompiledTupleset]) -> Set<Int> {
        var dependencies: Set<Int> = []
        var pending = [rewrite]
        while let rewrite = pending.popLast() {
            switch rewrite {
            case .direct: dependencies.formUnion(assignable.map(\.reference))
            case .computed(let relation): dependencies.insert(relation)
            case .tupleToUserset(let tupleset): dependencies.formUnion(tuplesets[tupleset].parents.compactMap(\.relation))
            case .union(let places), .intersection(let places): pending += operands[places]
            case .exclusion(let base): pending += operands[base...base + 1]
            }
        }
        return dependencies
    }
}
