extension ConditionParameterType {
    /// OpenFGA's names in JSON, at the numbers that protobuf gives them.
    private static let names = [
        "TYPE_NAME_UNSPECIFIED", "TYPE_NAME_ANY", "TYPE_NAME_BOOL", "TYPE_NAME_STRING", "TYPE_NAME_INT", "TYPE_NAME_UINT", "TYPE_NAME_DOUBLE",
        "TYPE_NAME_DURATION", "TYPE_NAME_TIMESTAMP", "TYPE_NAME_MAP", "TYPE_NAME_LIST", "TYPE_NAME_IPADDRESS",
    ]

    /// Reads a `ConditionParamTypeRef`. How deep its elements go is bounded by the JSON's own nesting.
    init(json cursor: JSONCursor) throws(ModelProblem) {
        var fields = try cursor.fields()
        let name = try fields.take("type_name")
        let elements = try fields.take("generic_types")?.elements() ?? []
        try fields.refuseRest()
        self = try Self.named(try name.map(Self.typeName) ?? "TYPE_NAME_UNSPECIFIED", of: elements, at: cursor)
    }

    /// Protobuf's JSON has an enumeration by name or number.
    private static func typeName(_ cursor: JSONCursor) throws(ModelProblem) -> String {
        guard case .number(let number) = cursor.value else { return try cursor.string() }
        guard let index = Int(exactly: number), names.indices.contains(index) else { throw cursor.problem("is no type of a parameter: \(number)") }
        return names[index]
    }

    private static func named(_ name: String, of elements: [JSONCursor], at cursor: JSONCursor) throws(ModelProblem) -> Self {
        switch name {
        case "TYPE_NAME_LIST": return .list(try element(elements, of: "list", at: cursor))
        case "TYPE_NAME_MAP": return .map(try element(elements, of: "map", at: cursor))
        default: break
        }
        guard let type = simple(name) else {
            throw cursor.problem("is of no type that a parameter can have: '\(name)'; there are \(names.dropFirst().joined(separator: ", "))")
        }
        guard elements.isEmpty else { throw cursor.problem("has generic_types, which only TYPE_NAME_LIST and TYPE_NAME_MAP have") }
        return type
    }

    private static func element(_ elements: [JSONCursor], of container: String, at cursor: JSONCursor) throws(ModelProblem) -> Self {
        guard let element = elements.first, elements.count == 1 else {
            throw cursor.problem("is a \(container) and must have one generic type, that of its elements; it has \(elements.count)")
        }
        return try Self(json: element)
    }

    private static func simple(_ name: String) -> Self? {
        switch name {
        case "TYPE_NAME_ANY": .any
        case "TYPE_NAME_BOOL": .bool
        case "TYPE_NAME_STRING": .string
        case "TYPE_NAME_INT": .int
        case "TYPE_NAME_UINT": .uint
        case "TYPE_NAME_DOUBLE": .double
        case "TYPE_NAME_DURATION": .duration
        case "TYPE_NAME_TIMESTAMP": .timestamp
        case "TYPE_NAME_IPADDRESS": .ipaddress
        default: nil
        }
    }

    /// A `ConditionParamTypeRef`.
    var json: JSONValue {
        let (name, elements): (String, [JSONValue]) =
            switch self {
            case .any: ("ANY", [])
            case .bool: ("BOOL", [])
            case .string: ("STRING", [])
            case .int: ("INT", [])
            case .uint: ("UINT", [])
            case .double: ("DOUBLE", [])
            case .duration: ("DURATION", [])
            case .timestamp: ("TIMESTAMP", [])
            case .ipaddress: ("IPADDRESS", [])
            case .list(let element): ("LIST", [element.json])
            case .map(let element): ("MAP", [element.json])
            }
        return ["type_name": .string("TYPE_NAME_\(name)"), "generic_types": .array(elements)]
    }
}
