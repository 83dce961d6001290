import ReBAC

/// JSON that the store keeps as it was given.
struct KeptJSON: Codable, Sendable {
    let value: ReBAC.JSONValue

    init(_ value: ReBAC.JSONValue) {
        self.value = value
    }

    /// As a text: what a store's column holds is an array of these.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            value = try JSONReader.value(of: Array(try container.decode(String.self).utf8))
        } catch let problem as JSONReader.Problem {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "the text \(problem.message), at byte \(problem.offset)")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var writer = ReBAC.JSONWriter()
        writer.write(value)
        var container = encoder.singleValueContainer()
        try container.encode(String(decoding: writer.bytes, as: UTF8.self))
    }
}
