/// The numbers that an index has for the references of a model, each looked up when it is first needed.
struct ReferenceNumbers {
    private let model: CompiledModel
    private let tuples: TupleIndex
    private var known: [TupleIndex.ID?]

    init(model: CompiledModel, tuples: TupleIndex) {
        self.model = model
        self.tuples = tuples
        known = Array(repeating: nil, count: model.references.count)
    }

    /// - Parameter number: Of the model.
    subscript(number: Int) -> TupleIndex.ID {
        mutating get {
            if let id = known[number] { return id }
            let id = tuples.reference(model.references[number])
            known[number] = id
            return id
        }
    }
}
