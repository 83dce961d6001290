import GoldcrestServiceKit

/// The query of a storage's URL. A parameter without a value, as in `?uploads`, is written with an empty one, which means the same to S3.
struct StorageQuery: Sendable {
    /// Percent-encoded.
    private var parameters: [(name: String, value: String)] = []

    init(_ parameters: [(name: String, value: String)] = []) {
        for (name, value) in parameters { append(name, value) }
    }

    mutating func append(_ name: String, _ value: String) {
        parameters.append((PercentEncoding.encode(name), PercentEncoding.encode(value)))
    }

    var isEmpty: Bool { parameters.isEmpty }

    /// As it stands in the URL, in the order in which it was made.
    var text: String { Self.text(of: parameters) }

    /// As it is signed: in the order of the encoded names, equal ones in that of their values.
    var sortedText: String { Self.text(of: parameters.sorted { $0 < $1 }) }

    private static func text(of parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
}
