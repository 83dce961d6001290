extension AuthorizationModel {
    /// Bytes of the model in protobuf's encoding, with an id, which is what OpenFGA measures against ``maximumBytes``.
    var encodedSize: Int {
        let header = ProtobufSize.field(26) + ProtobufSize.field(Self.schemaVersion)
        return types.reduce(header) { $0 + ProtobufSize.field($1.encodedSize) }
            + conditions.reduce(0) { $0 + ProtobufSize.entry($1.name, $1.encodedSize) }
    }
}

extension TypeDefinition {
    fileprivate var encodedSize: Int {
        let metadata = relations.reduce(0) { $0 + ProtobufSize.entry($1.name, $1.directTypes.reduce(0) { $0 + ProtobufSize.field($1.encodedSize) }) }
        return ProtobufSize.field(name) + relations.reduce(0) { $0 + ProtobufSize.entry($1.name, $1.rewrite.encodedSize) }
            + (relations.isEmpty ? 0 : ProtobufSize.field(metadata))
    }
}

extension TypeRestriction {
    fileprivate var encodedSize: Int {
        let form =
            switch form {
            case .object: 0
            case .wildcard: ProtobufSize.field(0)
            case .userset(let relation): ProtobufSize.field(relation)
            }
        return ProtobufSize.field(type) + form + ProtobufSize.field(condition ?? "")
    }
}

extension UsersetRewrite {
    fileprivate var encodedSize: Int {
        switch self {
        case .direct: ProtobufSize.field(0)
        case .computed(let relation): ProtobufSize.field(ProtobufSize.field(relation))
        case .tupleToUserset(let tupleset, let relation):
            ProtobufSize.field(ProtobufSize.field(ProtobufSize.field(tupleset)) + ProtobufSize.field(ProtobufSize.field(relation)))
        case .union(let operands), .intersection(let operands): ProtobufSize.field(operands.reduce(0) { $0 + ProtobufSize.field($1.encodedSize) })
        case .exclusion(let base, let subtracted):
            ProtobufSize.field(ProtobufSize.field(base.encodedSize) + ProtobufSize.field(subtracted.encodedSize))
        }
    }
}

extension ConditionDefinition {
    fileprivate var encodedSize: Int {
        ProtobufSize.field(name) + ProtobufSize.field(expression) + parameters.reduce(0) { $0 + ProtobufSize.entry($1.name, $1.type.encodedSize) }
    }
}

extension ConditionParameterType {
    fileprivate var encodedSize: Int {
        switch self {
        case .list(let element), .map(let element): 2 + ProtobufSize.field(element.encodedSize)
        default: 2
        }
    }
}
