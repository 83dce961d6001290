import FoundationEssentials
public import GoldcrestHTTPClient
public import GoldcrestProtocol
public import HTTPTypes
import NIOCore

/// An answer whose body was read.
public struct Answer: Sendable, CustomStringConvertible {
    public let head: HTTPResponse
    public let bytes: [UInt8]

    public var status: HTTPResponse.Status { head.status }
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    public var error: ErrorBody? { try? decoded() }
    public var description: String { "\(status.code) \(text.prefix(600))" }

    public func decoded<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    /// What is inside the envelope of file operations.
    public func output<Output: Codable & Sendable>(_: Output.Type = Output.self) throws -> Output {
        try decoded(OperationOutput<Output>.self).output
    }
}

extension HTTPClient {
    public func answer(to request: HTTPClientRequest, deadline: Duration = .seconds(60)) async throws -> Answer {
        let response = try await collect(request, upTo: 64 << 20, deadline: deadline)
        return Answer(head: response.head, bytes: Array(response.body.readableBytesView))
    }
}
