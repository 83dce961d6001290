public import GoldcrestProtocol

/// Reads the fields of a JSON object by their names and collects what is wrong with them, so that the client learns everything at once.
///
/// Types are strict: a number is no string. `null` is the same as an absent field. A field may have several spellings; the first one names it in errors.
public struct BodyFields {
    private let object: [String: JSONValue]
    private let path: String
    private var problems: [ErrorBody.Field] = []

    /// - Parameters:
    ///   - object: The fields.
    ///   - path: The name of the object itself with a dot behind it, if it is a part of another one.
    public init(_ object: [String: JSONValue], path: String = "") {
        self.object = object
        self.path = path
    }

    private func value(_ names: [String]) -> JSONValue? {
        for name in names {
            if let value = object[name], value != .null { return value }
        }
        return nil
    }

    public mutating func string(_ names: String...) -> String? {
        switch value(names) {
        case nil: return nil
        case .string(let text): return text
        default:
            refuse(names, "must be a string")
            return nil
        }
    }

    /// A string that must be there; empty if it is not, which ``finish()`` reports.
    public mutating func requiredString(_ names: String...) -> String {
        switch value(names) {
        case .string(let text): return text
        case nil: refuse(names, "is required")
        default: refuse(names, "must be a string")
        }
        return ""
    }

    public mutating func boolean(_ names: String..., default defaultValue: Bool = false) -> Bool {
        switch value(names) {
        case nil: return defaultValue
        case .bool(let value): return value
        default:
            refuse(names, "must be true or false")
            return defaultValue
        }
    }

    public mutating func integer(_ names: String..., in range: ClosedRange<Int>? = nil) -> Int? {
        switch value(names) {
        case nil: return nil
        case .integer(let value):
            let integer = Int(value)
            if let range, !range.contains(integer) {
                refuse(names, "must be from \(range.lowerBound) to \(range.upperBound)")
                return nil
            }
            return integer
        default:
            refuse(names, "must be an integer")
            return nil
        }
    }

    /// An integer that must be there; the least one if it is not, which ``finish()`` reports.
    public mutating func requiredInteger(_ names: String..., in range: ClosedRange<Int>) -> Int {
        switch value(names) {
        case .integer(let value) where range.contains(Int(value)): return Int(value)
        case .integer: refuse(names, "must be from \(range.lowerBound) to \(range.upperBound)")
        case nil: refuse(names, "is required")
        default: refuse(names, "must be an integer")
        }
        return range.lowerBound
    }

    /// One of the values that `Choice` lists.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ names: String..., default defaultValue: Choice
    ) -> Choice where Choice.RawValue == String {
        switch value(names) {
        case nil: return defaultValue
        case .string(let text):
            if let choice = Choice(rawValue: text) { return choice }
            fallthrough
        default:
            refuse(names, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            return defaultValue
        }
    }

    /// The raw value of a field, for fields that take more than one type.
    public func json(_ names: String...) -> JSONValue? {
        value(names)
    }

    /// The fields of an object inside this one; absent means empty, which the reading of its required fields reports.
    public mutating func nested(_ names: String..., required: Bool = true) -> BodyFields {
        let path = "\(path)\(names.first ?? "")."
        switch value(names) {
        case .object(let fields): return BodyFields(fields, path: path)
        case nil where !required: return BodyFields([:], path: path)
        case nil: refuse(names, "is required")
        default: refuse(names, "must be an object")
        }
        return BodyFields([:], path: path)
    }

    /// Notes that a field is wrong for a reason that only the caller knows.
    public mutating func refuse(_ name: String, _ message: String) {
        refuse([name], message)
    }

    private mutating func refuse(_ names: [String], _ message: String) {
        let name = names.first ?? ""
        problems.append(ErrorBody.Field(location: .body, name: "\(path)\(name)", message: message))
    }

    /// Takes over what was found wrong in a nested object.
    public mutating func adopt(_ nested: BodyFields) {
        // A missing object is reported once, not again for each of its fields.
        if problems.contains(where: { "\($0.name)." == nested.path }) { return }
        problems += nested.problems
    }

    /// Ends the reading.
    ///
    /// - Throws: ``APIError`` with status 400 naming every wrong field.
    public func finish() throws {
        if !problems.isEmpty { throw APIError.validation(problems) }
    }
}
