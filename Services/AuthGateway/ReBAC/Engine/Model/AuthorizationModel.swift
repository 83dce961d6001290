/// An OpenFGA authorization model, schema 1.1: which types of objects there are, how users may be related to them, and under which conditions.
///
/// It is what someone wrote, from the DSL or from JSON, and may still contradict itself: ``CompiledModel`` is made of one that does not.
public struct AuthorizationModel: Sendable, Hashable {
    /// The only version of the schema that is understood.
    public static let schemaVersion = "1.1"

    /// In the order in which they were written.
    public var types: [TypeDefinition]
    /// In the order in which they were written; from JSON, where they are an object, by name.
    public var conditions: [ConditionDefinition]

    public init(types: [TypeDefinition], conditions: [ConditionDefinition] = []) {
        self.types = types
        self.conditions = conditions
    }
}

/// `type document` and its relations.
public struct TypeDefinition: Sendable, Hashable {
    public var name: String
    /// In the order in which they were written; from JSON, where they are an object, by name.
    public var relations: [RelationDefinition]

    public init(name: String, relations: [RelationDefinition] = []) {
        self.name = name
        self.relations = relations
    }
}

/// `define viewer: [user, group#member] or editor`.
public struct RelationDefinition: Sendable, Hashable {
    public var name: String
    /// Whom the relation holds for.
    public var rewrite: UsersetRewrite
    /// What tuples may relate directly: the list in brackets. Empty where `rewrite` has no ``UsersetRewrite/direct``.
    public var directTypes: [TypeRestriction]

    public init(name: String, rewrite: UsersetRewrite, directTypes: [TypeRestriction] = []) {
        self.name = name
        self.rewrite = rewrite
        self.directTypes = directTypes
    }
}

/// How the users of a relation are made up.
public indirect enum UsersetRewrite: Sendable, Hashable {
    /// Those whom tuples relate: `[user]` in the DSL, `this` in JSON.
    case direct
    /// Those of another relation of the same object: `editor`.
    case computed(relation: String)
    /// Those of a relation of the objects that the tuples of `tupleset` name: `viewer from parent`.
    case tupleToUserset(tupleset: String, relation: String)
    /// `a or b`.
    case union([UsersetRewrite])
    /// `a and b`.
    case intersection([UsersetRewrite])
    /// `a but not b`.
    case exclusion(base: UsersetRewrite, subtracted: UsersetRewrite)
}

/// What stands between the brackets of a relation: `user`, `user:*` or `group#member`, each with or without `with condition`.
public struct TypeRestriction: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        /// `user`: one object of the type.
        case object
        /// `user:*`: all of them.
        case wildcard
        /// `group#member`: the users of a relation of one object.
        case userset(relation: String)
    }

    public var type: String
    public var form: Form
    /// The name of the condition that tuples of this kind must carry.
    public var condition: String?

    public init(type: String, form: Form = .object, condition: String? = nil) {
        self.type = type
        self.form = form
        self.condition = condition
    }
}

/// `condition in_office_hours(now: timestamp) { now < … }`.
public struct ConditionDefinition: Sendable, Hashable {
    public var name: String
    /// In the order in which they were written; from JSON, where they are an object, by name.
    public var parameters: [ConditionParameter]
    /// In CEL.
    public var expression: String

    public init(name: String, parameters: [ConditionParameter], expression: String) {
        self.name = name
        self.parameters = parameters
        self.expression = expression
    }
}

public struct ConditionParameter: Sendable, Hashable {
    public var name: String
    public var type: ConditionParameterType

    public init(name: String, type: ConditionParameterType) {
        self.name = name
        self.type = type
    }
}

/// The types that a condition's parameters can have.
public indirect enum ConditionParameterType: Sendable, Hashable {
    case any, bool, string, int, uint, double, duration, timestamp, ipaddress
    case list(ConditionParameterType)
    /// Its keys are strings.
    case map(ConditionParameterType)
}
