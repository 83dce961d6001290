/// On whose behalf something is done on a remote system.
///
/// The name alone says whose connection is used; the token only serves to get a key when a login is needed.
public struct SSHUser: Sendable {
    /// The login name on the remote system.
    public let name: String
    /// The user's access token, as the key services want it.
    public let token: String
    /// The ids of the request that all this is for; key services are told them.
    public var requestID: String?
    public var correlationID: String?

    public init(name: String, token: String, requestID: String? = nil, correlationID: String? = nil) {
        self.name = name
        self.token = token
        self.requestID = requestID
        self.correlationID = correlationID
    }
}

extension SSHUser: Hashable {
    public static func == (left: SSHUser, right: SSHUser) -> Bool {
        left.name == right.name
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

extension SSHUser: CustomStringConvertible, CustomReflectable {
    public var description: String { name }

    /// The token stays out of dumps.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
