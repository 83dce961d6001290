/// The section `auth`.
public struct Auth: Sendable, Equatable {
    public var authentication: Authentication
    /// Absent: every valid token may use every system.
    public var authorization: Authorization?

    public init(authentication: Authentication, authorization: Authorization? = nil) {
        self.authentication = authentication
        self.authorization = authorization
    }
}
