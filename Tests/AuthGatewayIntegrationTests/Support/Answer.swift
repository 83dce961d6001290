import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes

/// An answer whose body was read.
struct Answer: Sendable, CustomStringConvertible {
    let head: HTTPResponse
    let bytes: [UInt8]

    var status: HTTPResponse.Status { head.status }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var error: ErrorBody? { try? JSONDecoder().decode(ErrorBody.self, from: Data(bytes)) }
    var description: String { "\(status.code) \(text.prefix(600))" }

    func decoded<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    /// What is inside the envelope of file operations.
    func output<Output: Codable & Sendable>(_: Output.Type = Output.self) throws -> Output {
        try decoded(OperationOutput<Output>.self).output
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
}
