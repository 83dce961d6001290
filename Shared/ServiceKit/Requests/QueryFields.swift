import GoldcrestProtocol
public import Hummingbird

/// Reads the parameters of a request's query and collects what is wrong with them, so that the client learns everything at once.
///
/// Of a repeated key the last value counts; unknown keys are ignored.
public struct QueryFields {
    private var values: [String: String] = [:]
    /// The values of those keys that need not be text.
    private var binaries: [String: [UInt8]] = [:]
    private var problems: [ErrorBody.Field] = []

    /// - Parameter binary: The keys whose values may be any bytes, as names of files may; ask for them by ``bytes(_:)``.
    /// - Throws: ``APIError`` with status 400 if the query is not percent-encoded, or what must be text is not UTF-8.
    public init(of request: Request, binary: Set<String> = []) throws {
        guard let query = request.uri.query else { return }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let rawName = parts.first,
                let name = PercentEncoding.decode(rawName, plusIsSpace: true),
                let bytes = PercentEncoding.decodeBytes(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else {
                throw APIError(.badRequest, "The query is not valid percent-encoded UTF-8")
            }
            if binary.contains(name) {
                binaries[name] = bytes
            } else if let value = String(validating: bytes, as: UTF8.self) {
                values[name] = value
            } else {
                throw APIError(.badRequest, "The query is not valid percent-encoded UTF-8")
            }
        }
    }

    /// The value of a key as it was sent.
    public func text(_ name: String) -> String? {
        values[name]
    }

    /// The value of a binary key as it was sent.
    public func bytes(_ name: String) -> [UInt8]? {
        binaries[name]
    }

    /// The value of a key that must be there.
    public mutating func requiredText(_ name: String) -> String {
        guard let value = values[name] else {
            refuse(name, "is required")
            return ""
        }
        return value
    }

    /// A truth value; `defaultValue` where the key is absent.
    public mutating func boolean(_ name: String, default defaultValue: Bool = false) -> Bool {
        guard let text = values[name] else { return defaultValue }
        guard let value = FieldText.boolean(text) else {
            refuse(name, "must be true or false")
            return defaultValue
        }
        return value
    }

    /// An integer, within `range` where one is given.
    public mutating func integer(_ name: String, in range: ClosedRange<Int>? = nil) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = FieldText.integer(text) else {
            refuse(name, "must be an integer")
            return nil
        }
        if let range, !range.contains(value) {
            refuse(name, "must be from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// One of the values that `Choice` lists.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default defaultValue: Choice
    ) -> Choice where Choice.RawValue == String {
        guard let text = values[name] else { return defaultValue }
        guard let value = Choice(rawValue: text) else {
            refuse(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            return defaultValue
        }
        return value
    }

    /// Notes that a field is wrong for a reason that only the caller knows.
    public mutating func refuse(_ name: String, _ message: String) {
        problems.append(ErrorBody.Field(location: .query, name: name, message: message))
    }

    /// Ends the reading.
    ///
    /// - Throws: ``APIError`` with status 400 naming every wrong field.
    public func finish() throws {
        if !problems.isEmpty { throw APIError.validation(problems) }
    }
}
