/// Who a user is on a system.
public struct UserInfo: Codable, Sendable, Equatable {
    /// A user or a group.
    public struct Identity: Codable, Sendable, Equatable {
        public var id: String
        public var name: String

        public init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// An account that jobs can be charged to.
    public struct Account: Codable, Sendable, Equatable {
        public var name: String
        /// Whether jobs are charged to it unless they say otherwise.
        public var `default`: Bool

        public init(name: String, default: Bool) {
            self.name = name
            self.default = `default`
        }
    }

    public var user: Identity
    public var group: Identity
    public var groups: [Identity]
    /// `nil` where the scheduler has no accounts.
    @Nullable public var accounts: [Account]?

    public init(user: Identity, group: Identity, groups: [Identity], accounts: [Account]?) {
        self.user = user
        self.group = group
        self.groups = groups
        self.accounts = accounts
    }
}
