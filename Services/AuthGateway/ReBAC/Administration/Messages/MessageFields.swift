import ReBAC

/// Reads the fields of a message from JSON: by the rules of protobuf's JSON mapping, and checked as OpenFGA's messages check theirs.
///
/// What a message does not know is ignored, `null` is the same as absent, and what is absent is empty.
struct MessageFields {
    /// What OpenFGA calls the message: `CheckRequest`.
    let message: String
    private let values: [String: JSONValue]

    /// - Throws: ``OpenFGAError`` where the value is no object.
    init(_ message: String, _ value: JSONValue) throws(OpenFGAError) {
        guard case .object(let members) = value else {
            throw OpenFGAError(.validationError, "invalid value for message \(message): found \(value.kind) where an object must be")
        }
        self.message = message
        values = Dictionary(members.lazy.filter { $0.value != .null }.map { ($0.name, $0.value) }) { first, _ in first }
    }

    // MARK: - Values

    func text(_ name: String) throws(OpenFGAError) -> String {
        switch values[name] {
        case nil: return ""
        case .string(let text): return text
        case .some(let value): throw wrongKind("string", name, value)
        }
    }

    /// - Parameter isOptional: Whether an empty text is one, too.
    func text(_ name: String, _ rule: TextRule, isOptional: Bool = false) throws(OpenFGAError) -> String {
        let text = try text(name)
        if text.isEmpty, isOptional { return text }
        guard rule.matches(text) else { throw invalid(name, rule.reason) }
        return text
    }

    func text(_ name: String, upToBytes maximum: Int) throws(OpenFGAError) -> String {
        let text = try text(name)
        guard text.utf8.count <= maximum else { throw invalid(name, "value length must be at most \(maximum) bytes") }
        return text
    }

    func boolean(_ name: String) throws(OpenFGAError) -> Bool {
        switch values[name] {
        case nil: return false
        case .bool(let value): return value
        case .some(let value): throw wrongKind("bool", name, value)
        }
    }

    /// A 32-bit integer, which protobuf's JSON lets be a text, too.
    func integer(_ name: String) throws(OpenFGAError) -> Int? {
        switch values[name] {
        case nil: return nil
        case .number(let number):
            if let integer = Int32(exactly: number) { return Int(integer) }
        case .string(let text):
            if let integer = Int32(text) { return Int(integer) }
        default: break
        }
        throw OpenFGAError(.validationError, "invalid value for int32 field \(name)")
    }

    /// - Parameter values: By the names of protobuf's enumeration, each with its number.
    func choice<Choice>(_ name: String, _ choices: [(name: String, number: Double, choice: Choice)], default: Choice) throws(OpenFGAError) -> Choice {
        guard let value = values[name] else { return `default` }
        let found = choices.first { choice in
            switch value {
            case .string(let text): text == choice.name
            case .number(let number): number == choice.number
            default: false
            }
        }
        guard let found else {
            let names = choices.map(\.name).joined(separator: ", ")
            throw OpenFGAError(.validationError, "invalid value for enum field \(name); it must be one of \(names)")
        }
        return found.choice
    }

    // MARK: - Parts

    func has(_ name: String) -> Bool { values[name] != nil }

    func fields(_ name: String, of message: String) throws(OpenFGAError) -> MessageFields? {
        guard let value = values[name] else { return nil }
        return try MessageFields(message, value)
    }

    func requiredFields(_ name: String, of message: String) throws(OpenFGAError) -> MessageFields {
        guard let fields = try fields(name, of: message) else { throw invalid(name, "value is required") }
        return fields
    }

    func list(_ name: String, of message: String) throws(OpenFGAError) -> [MessageFields] {
        switch values[name] {
        case nil: return []
        case .array(let elements):
            var list: [MessageFields] = []
            list.reserveCapacity(elements.count)
            for element in elements { list.append(try MessageFields(message, element)) }
            return list
        case .some(let value): throw wrongKind("list", name, value)
        }
    }

    /// A `google.protobuf.Struct`; empty where it is absent.
    func context(_ name: String) throws(OpenFGAError) -> ConditionContext {
        guard let value = values[name] else { return [:] }
        let context: ContextValue
        do {
            context = try ContextValue(value)
        } catch {
            throw OpenFGAError(.validationError, "invalid value for google.protobuf.Struct field \(name): \(error)")
        }
        guard case .map(let values) = context else { throw wrongKind("google.protobuf.Struct", name, value) }
        return values
    }

    // MARK: - Errors

    func invalid(_ name: String, _ reason: String) -> OpenFGAError {
        .invalid(message, Self.goName(of: name), reason)
    }

    private func wrongKind(_ kind: String, _ name: String, _ value: JSONValue) -> OpenFGAError {
        OpenFGAError(.validationError, "invalid value for \(kind) field \(name): found \(value.kind)")
    }

    /// `TupleKey` for `tuple_key`: OpenFGA's errors name fields as its Go code does.
    private static func goName(of name: String) -> String {
        name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
