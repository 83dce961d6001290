/// A valid model, prepared for evaluation: relations go by numbers, and what a rewrite names is looked up already.
public struct CompiledModel: Sendable {
    public let model: AuthorizationModel
    /// Which questions can be asked, and which tuples count.
    public let rules: TupleRules

    /// By their numbers.
    let relations: [CompiledRelation]
    /// The operands of unions, intersections and exclusions; those of one operation stand together.
    let operands: [CompiledRewrite]
    /// `viewer from parent`, as often as the model says it.
    let tuplesets: [CompiledTupleset]
    /// What the model calls users and what it calls relations: `document#viewer`, `user`, `user:*`, each once.
    /// A relation's own reference has the relation's number.
    let references: [String]
    let conditions: [String: CompiledCondition]
    /// Names of conditions; see ``AssignableKind/conditions``.
    let conditionSets: [Set<String>]
    /// For each reference the plain relations that tuples may relate such users by and that make a userset of their own; see ``Memberships``.
    let memberships: [[Int]]
    /// Between references and relations.
    let reachability: Reachability
    private let numbers: [String: Int]

    /// - Throws: What is wrong with the model, if it is not valid.
    public init(_ model: AuthorizationModel) throws(InvalidModel) {
        let problems = model.problems()
        guard problems.isEmpty else { throw InvalidModel(problems: problems) }
        var compiler = ModelCompiler(model)
        try compiler.compile()
        self.model = model
        rules = TupleRules(model)
        relations = compiler.relations
        operands = compiler.operands
        tuplesets = compiler.tuplesets
        references = compiler.references
        conditions = compiler.conditions
        conditionSets = compiler.conditionSets
        memberships = compiler.memberships()
        numbers = compiler.numbers
        reachability = Reachability(references: references.count, relations: relations, operands: operands, tuplesets: tuplesets)
    }

    /// - Returns: The number of a reference; nil if the model does not have it.
    func number(of reference: String) -> Int? { numbers[reference] }

    /// - Returns: The number of a relation; nil if the type is not there or has none of the name.
    func relation(_ name: String, of type: String) -> Int? {
        // A type's name has no `#` in it, so a relation is never taken for anything else.
        numbers["\(type)#\(name)"]
    }
}

/// A relation of a type.
struct CompiledRelation: Sendable {
    let type: String
    let name: String
    let rewrite: CompiledRewrite
    /// What kinds of users tuples may relate: single objects and wildcards first, then usersets, as they take longer to look through.
    let assignable: [AssignableKind]
    /// Whether its users follow from tuples alone, through any number of usersets, without another rewrite and without a condition.
    let isPlain: Bool

    var hasUsersets: Bool { assignable.last?.form == .userset }
}

/// Whom a relation holds for, by numbers.
enum CompiledRewrite: Sendable {
    /// Those whom tuples relate.
    case direct
    /// Those of another relation of the same object.
    case computed(relation: Int)
    /// Those of a relation of the objects that tuples name; by its place in ``CompiledModel/tuplesets``.
    case tupleToUserset(Int)
    /// Of ``CompiledModel/operands``.
    case union(Range<Int>)
    /// Of ``CompiledModel/operands``.
    case intersection(Range<Int>)
    /// The place of the base in ``CompiledModel/operands``; what is subtracted stands behind it.
    case exclusion(Int)
}

/// `viewer from parent`.
struct CompiledTupleset: Sendable {
    /// The number of `parent`.
    let relation: Int
    /// What kinds of objects may be parents, each with the number of the relation wanted. A type without that relation gives nobody.
    let parents: [(kind: AssignableKind, relation: Int?)]
}

/// One kind of users that tuples may relate directly, and with which conditions.
struct AssignableKind: Sendable {
    enum Form: Sendable { case object, wildcard, userset }

    /// The number of `user`, `user:*` or `group#member`. Of a userset it is the number of the relation, too.
    let reference: Int
    let form: Form
    /// Whether a tuple without a condition counts.
    let isUnconditional: Bool
    /// The place of the names of the conditions with which a tuple counts, in ``CompiledModel/conditionSets``; nil if there are none.
    let conditions: Int?
}
