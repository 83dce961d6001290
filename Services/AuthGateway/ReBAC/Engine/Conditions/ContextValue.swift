/// The values of a condition's parameters by their names.
public typealias ConditionContext = [String: ContextValue]

/// A value as JSON gives it. Numbers are doubles, as in the `google.protobuf.Struct` that OpenFGA keeps contexts in.
public enum ContextValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case list([ContextValue])
    case map([String: ContextValue])
}
