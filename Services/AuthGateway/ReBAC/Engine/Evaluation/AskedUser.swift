/// Whom a question is about, by numbers.
struct AskedUser: Sendable {
    /// The model's number of `user`, `user:*` or `group#member`.
    let kind: Int
    /// The model's number of `user:*`, if the user is not a userset.
    let wildcard: Int?
    let name: TupleIndex.ID
    /// The model's numbers of what the user may be related as.
    private let guises: (Int, Int)

    /// - Parameter object: What the user is to be related to.
    /// - Returns: Nil if the model does not have such users.
    init?(_ user: UserReference, on object: ObjectReference, model: CompiledModel, tuples: TupleIndex) {
        guard let kind = model.number(of: user.reference) else { return nil }
        self.kind = kind
        switch user {
        case .object:
            wildcard = model.number(of: "\(user.type):*")
            guises = (kind, wildcard ?? kind)
        case .wildcard:
            wildcard = kind
            guises = (kind, model.number(of: user.type) ?? kind)
        case .userset:
            wildcard = nil
            guises = (kind, kind)
        }
        // An id that no tuple has may still be the object's: `document:1#viewer` is viewer of `document:1`.
        let known = tuples.name(user.id)
        let isObject = user.id.hasSameBytes(as: object.id)
        name = known == NameTable.unknown && !isObject ? NameTable.otherUnknown : known
    }

    /// Whether the model has any way from users of this kind to a relation. OpenFGA looks at this first, so that conditions that cannot matter
    /// are not looked at, and no depth is used up.
    func mayReach(_ relation: Int, in model: CompiledModel) -> Bool {
        model.reachability.leads(from: guises.0, to: relation) || model.reachability.leads(from: guises.1, to: relation)
    }
}
