extension ContextValue {
    /// Whether no more than this many values stand within each other. Goes no deeper than it asks.
    func isNested(within levels: Int) -> Bool {
        guard levels > 0 else { return false }
        return switch self {
        case .null, .bool, .number, .string: true
        case .list(let elements): elements.allSatisfy { $0.isNested(within: levels - 1) }
        case .map(let entries): entries.values.allSatisfy { $0.isNested(within: levels - 1) }
        }
    }

    /// Bytes of a `google.protobuf.Value`.
    fileprivate var encodedSize: Int {
        switch self {
        case .null, .bool: 2
        case .number: 9
        case .string(let text): ProtobufSize.field(text.utf8.count)
        case .list(let elements): ProtobufSize.field(elements.reduce(0) { $0 + ProtobufSize.field($1.encodedSize) })
        case .map(let entries): ProtobufSize.field(entries.encodedSize)
        }
    }
}

extension ConditionContext {
    /// Bytes of a `google.protobuf.Struct`, which is what OpenFGA measures. The values must keep ``ContextValue/maximumNesting``.
    var encodedSize: Int { reduce(0) { $0 + ProtobufSize.entry($1.key, $1.value.encodedSize) } }
}
