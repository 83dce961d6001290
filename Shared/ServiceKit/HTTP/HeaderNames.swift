import GoldcrestProtocol
public import HTTPTypes

extension HTTPField.Name {
    public static let requestID = knownName("X-Request-ID")
    public static let correlationID = knownName("X-Correlation-ID")
    /// Who calls for whom, signed by the calling service.
    public static let callContext = knownName(CallContext.headerName)
    /// The trace that a request belongs to (W3C Trace Context).
    public static let traceParent = knownName("traceparent")
    /// Makes a repeated request return the first one's result (draft-ietf-httpapi-idempotency-key-header).
    public static let idempotencyKey = knownName("Idempotency-Key")
    /// Where a stream of events broke off (WHATWG HTML, section 9.2).
    public static let lastEventID = knownName("Last-Event-ID")
    /// When the answer was made: Unix time in seconds.
    public static let timestamp = knownName("F7T-Timestamp")
    /// The version of the API; pyfirecrest decides by it which features exist.
    public static let appVersion = knownName("F7T-AppVersion")
    /// The user that the token names.
    public static let authenticatedUser = knownName("F7T-AuthUsername")

    private static func knownName(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else {
            // The names are the literals above, all of them legal tokens of RFC 9110.
            preconditionFailure("'\(text)' is no header name")
        }
        return name
    }
}
