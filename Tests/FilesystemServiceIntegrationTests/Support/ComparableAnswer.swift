import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes
import StackTesting

/// What two back ends must agree on in their answers to the same request.
struct ComparableAnswer: Sendable, Equatable, CustomStringConvertible {
    var status: Int
    /// In lower case.
    var headers: [String: String]
    /// Nil when the body isn't JSON.
    var json: JSONValue?
    /// Empty when the body is JSON.
    var bytes: [UInt8]

    /// Those that are another in every answer.
    private static let individual: Set = ["date", "f7t-timestamp", "x-request-id", "x-correlation-id"]

    /// - Parameter tree: The path of the files that were asked for. It differs from one answer to the other, as do the names of temporary files.
    init(_ answer: Answer, tree: String) {
        status = answer.status.code
        let headers = answer.head.headerFields.map { ($0.name.canonicalName, $0.value) }.filter { !Self.individual.contains($0.0) }
        self.headers = Dictionary(headers) { "\($0), \($1)" }
        let isJSON = answer.head.headerFields[.contentType]?.hasPrefix("application/json") == true
        json = isJSON ? (try? answer.decoded(JSONValue.self)).map { Self.placed($0, in: tree) } : nil
        bytes = json == nil ? answer.bytes : []
    }

    var description: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = json.flatMap { try? encoder.encode($0) }.map { Array($0) } ?? bytes
        let body = String(validating: text, as: UTF8.self) ?? "\(text)"
        return "\(status) \(headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) \(body.prefix(1500))"
    }

    /// The error's words.
    var message: String? {
        get {
            guard case .object(let fields)? = json, case .string(let text)? = fields["message"] else { return nil }
            return text
        }
        set {
            guard case .object(var fields)? = json, let newValue else { return }
            fields["message"] = .string(newValue)
            json = .object(fields)
        }
    }

    /// Does something to each entry of a listing, or to the one of an answer that is an entry. How long the answer is does not count then.
    mutating func changeEntries(_ body: (inout [String: JSONValue]) -> Void) {
        guard case .object(var fields)? = json else { return }
        headers["content-length"] = nil
        switch fields["output"] {
        case .array(let entries):
            fields["output"] = .array(entries.map { Self.changed($0, body) })
        case let output?:
            fields["output"] = Self.changed(output, body)
        case nil: return
        }
        json = .object(fields)
    }

    private static func changed(_ entry: JSONValue, _ body: (inout [String: JSONValue]) -> Void) -> JSONValue {
        guard case .object(var fields) = entry else { return entry }
        body(&fields)
        return .object(fields)
    }

    /// An entry that was made just now: one back end makes it after the other.
    private static func timeless(_ fields: [String: JSONValue]) -> [String: JSONValue] {
        guard case .string(let time)? = fields["lastModified"], time.hasPrefix(thisYear) else { return [:] }
        return ["lastModified": "{now}"]
    }

    private static let thisYear = String(Date.now.formatted(.iso8601).prefix(4))

    private static func placed(_ value: JSONValue, in tree: String) -> JSONValue {
        switch value {
        case .string(let text):
            .string(text.replacing(tree, with: "{tree}").replacing(/(\.goldcrest-[a-z]+-)[a-z0-9]{20}/) { "\($0.1){word}" })
        case .array(let values): .array(values.map { placed($0, in: tree) })
        case .object(let fields): .object(fields.mapValues { placed($0, in: tree) }.merging(timeless(fields)) { $1 })
        case .null, .bool, .integer, .number: value
        }
    }
}
