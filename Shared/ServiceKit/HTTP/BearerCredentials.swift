public import GoldcrestProtocol
public import HTTPTypes

/// The token in the header `Authorization: Bearer …` (RFC 6750 section 2.1).
public enum BearerCredentials {
    /// - Throws: ``APIError`` with the status 401 unless there is exactly one such header and it has a token.
    public static func token(in headerFields: HTTPFields) throws(APIError) -> String {
        let values = headerFields[values: .authorization]
        guard let value = values.first else {
            throw .unauthenticated("A token is required: send the header Authorization: Bearer <token>")
        }
        guard values.count == 1 else { throw .unauthenticated("The header Authorization must be sent once, not \(values.count) times") }
        let bytes = value.utf8
        let scheme = bytes.prefix { $0 != UInt8(ascii: " ") }
        // Schemes are the same in upper and lower case (RFC 9110 section 11.1).
        guard scheme.count == 6, scheme.elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else {
            throw .unauthenticated("The header Authorization must have the scheme Bearer")
        }
        let token = bytes[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
        guard !token.isEmpty else { throw .unauthenticated("The header Authorization has no token behind Bearer") }
        return String(value[token.startIndex...])
    }
}
