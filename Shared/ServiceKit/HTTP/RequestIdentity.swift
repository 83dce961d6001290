import GoldcrestCryptography
public import HTTPTypes
import GoldcrestProtocol

/// The ids by which a request is found again in the logs of all services.
public struct RequestIdentity: Sendable, Equatable {
    /// Names this one request.
    public let requestID: String
    /// Names the chain of requests that it belongs to.
    public let correlationID: String

    /// Takes the client's ids, or makes up those that it does not send.
    ///
    /// - Throws: ``APIError`` with status 400 if an id is not a UUID (with or without dashes).
    public init(headerFields: HTTPFields) throws {
        requestID = try Self.identifier(headerFields, .requestID)
        correlationID = try Self.identifier(headerFields, .correlationID)
    }

    /// Ids of a request that starts here.
    public init() {
        requestID = Self.makeIdentifier()
        correlationID = Self.makeIdentifier()
    }

    private static func identifier(_ headerFields: HTTPFields, _ name: HTTPField.Name) throws -> String {
        guard let value = headerFields[name] else { return makeIdentifier() }
        guard isUUID(value) else {
            throw APIError(.badRequest, "The header \(name.rawName) must be a UUID")
        }
        return value
    }

    private static func makeIdentifier() -> String {
        SecureRandom.bytes(16).hexadecimal
    }

    private static func isUUID(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 32 || bytes.count == 36 else { return false }
        let hasDashes = bytes.count == 36
        for (offset, byte) in bytes.enumerated() {
            if hasDashes && [8, 13, 18, 23].contains(offset) {
                guard byte == UInt8(ascii: "-") else { return false }
                continue
            }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                continue
            default:
                return false
            }
        }
        return true
    }
}
