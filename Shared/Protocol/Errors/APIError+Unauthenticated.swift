import HTTPTypes

extension APIError {
    /// A request without a token that is believed: 401 with the way to do better (RFC 9110 section 15.5.2).
    public static func unauthenticated(_ message: String) -> APIError {
        APIError(.unauthorized, message, headerFields: [.wwwAuthenticate: "Bearer"])
    }
}
