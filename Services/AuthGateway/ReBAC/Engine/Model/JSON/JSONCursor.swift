/// A value within a JSON text, with the way to it for messages.
struct JSONCursor {
    let value: JSONValue
    /// Such as `type_definitions[0].relations.viewer`; empty at the root.
    let path: String

    init(_ value: JSONValue, path: String = "") {
        self.value = value
        self.path = path
    }

    func problem(_ reason: String) -> ModelProblem {
        ModelProblem(path.isEmpty ? "the model \(reason)" : "\(path) \(reason)", kind: .malformed)
    }

    func string() throws(ModelProblem) -> String {
        guard case .string(let text) = value else { throw problem("must be a text, not \(value.kind)") }
        return text
    }

    func elements() throws(ModelProblem) -> [JSONCursor] {
        guard case .array(let elements) = value else { throw problem("must be a list, not \(value.kind)") }
        return elements.enumerated().map { JSONCursor($1, path: "\(path)[\($0)]") }
    }

    /// The members of an object whose names are known; what is left of them at the end is refused.
    func fields() throws(ModelProblem) -> JSONFields {
        guard case .object(let members) = value else { throw problem("must be an object, not \(value.kind)") }
        return JSONFields(members, of: self)
    }

    /// The members of an object whose names say something themselves, by name.
    func entries() throws(ModelProblem) -> [(name: String, value: JSONCursor)] {
        guard case .object(let members) = value else { throw problem("must be an object, not \(value.kind)") }
        return members.sorted { $0.name < $1.name }.map { ($0.name, member($0.name, $0.value)) }
    }

    /// An object without members, which only says that it is there.
    func expectEmptyObject() throws(ModelProblem) {
        try fields().refuseRest()
    }

    fileprivate func member(_ name: String, _ value: JSONValue) -> JSONCursor {
        // Every value below has the name in its path, so a long one would cost its length again for each.
        let shown = name.utf8.count > 200 ? "\(String(name.unicodeScalars.prefix(50)))…" : name
        return JSONCursor(value, path: path.isEmpty ? shown : "\(path).\(shown)")
    }
}

/// Takes the members of an object one by one, so that none is passed over.
struct JSONFields {
    private var values: [String: JSONValue]
    private let object: JSONCursor

    fileprivate init(_ members: [JSONValue.Member], of object: JSONCursor) {
        values = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        self.object = object
    }

    /// The member of this name, or of the other spelling that protobuf's JSON knows. A null is none, as there.
    mutating func take(_ name: String, or spelling: String? = nil) throws(ModelProblem) -> JSONCursor? {
        let first = values.removeValue(forKey: name)
        let second = spelling.flatMap { values.removeValue(forKey: $0) }
        if first != nil, second != nil, let spelling { throw object.problem("has both '\(name)' and '\(spelling)', which mean the same") }
        guard let value = first ?? second, value != .null else { return nil }
        return object.member(first == nil ? spelling ?? name : name, value)
    }

    /// Forgets a member that means nothing here.
    mutating func drop(_ name: String) {
        values.removeValue(forKey: name)
    }

    func refuseRest() throws(ModelProblem) {
        guard let name = values.keys.min() else { return }
        throw object.problem("has the member '\(name)', which is not understood")
    }
}
