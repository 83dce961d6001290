public import GoldcrestProtocol

/// The section `auth.authorization`: who may use which system, and which scopes a token needs.
public struct Authorization: Sendable, Equatable {
    /// Who answers whether a user may use a system.
    public enum Source: Sendable, Equatable {
        /// An HTTP endpoint that answers 200 for yes and anything else for no.
        case endpoint(url: String)
        /// An OpenFGA server.
        case openFGA(OpenFGA)
        /// The gateway's own evaluator of OpenFGA models.
        case rebac(ReBAC)
    }

    /// A store of an OpenFGA server.
    public struct OpenFGA: Sendable, Equatable {
        /// The server's base URL, without a slash at its end.
        public var url: String
        public var storeID: String
        /// Absent: the store's newest model.
        public var modelID: String?
        /// The pre-shared key, sent as a bearer token.
        public var token: Secret?

        public init(url: String, storeID: String, modelID: String? = nil, token: Secret? = nil) {
            self.url = url
            self.storeID = storeID
            self.modelID = modelID
            self.token = token
        }
    }

    /// The gateway's own evaluator of OpenFGA models. Only the gateway reads the files.
    public struct ReBAC: Sendable, Equatable {
        /// Path of an OpenFGA model, schema 1.1, as DSL or JSON.
        public var modelPath: String
        /// Path of the tuples that an empty store is filled with.
        public var tuplesPath: String?
        /// What the administration API demands as a bearer token. Absent: there is no administration API.
        public var adminToken: Secret?
        /// How long decisions are made by the last known state while the database cannot be asked for newer. Then all are denied.
        public var maxStaleness: Duration

        public init(modelPath: String, tuplesPath: String? = nil, adminToken: Secret? = nil, maxStaleness: Duration = .seconds(300)) {
            self.modelPath = modelPath
            self.tuplesPath = tuplesPath
            self.adminToken = adminToken
            self.maxStaleness = maxStaleness
        }
    }

    /// The question that is asked: is `user:<name>` `<relation>` of `<objectType>:<system>`?
    public struct Check: Sendable, Equatable {
        public var relation: String
        public var objectType: String

        public init(relation: String = "member", objectType: String = "vcluster") {
            self.relation = relation
            self.objectType = objectType
        }
    }

    /// Absent: only the token's scopes are looked at.
    public var source: Source?
    /// For one question.
    public var timeout: Duration
    /// To the source, at a time; 0 means no limit.
    public var maxConnections: Int
    /// Every one of a group's scopes must be in the token's `scope`.
    public var requiredScopes: [APIRoute.Group: [String]]
    /// What differs from the usual question; see ``check(for:)``.
    public var checks: [APIRoute.Group: Check]

    public init(
        source: Source?, timeout: Duration = .seconds(1), maxConnections: Int = 100, requiredScopes: [APIRoute.Group: [String]] = [:],
        checks: [APIRoute.Group: Check] = [:]
    ) {
        self.source = source
        self.timeout = timeout
        self.maxConnections = maxConnections
        self.requiredScopes = requiredScopes
        self.checks = checks
    }

    /// The question to ask for a request of that group.
    public func check(for group: APIRoute.Group) -> Check {
        checks[group] ?? Check()
    }
}
