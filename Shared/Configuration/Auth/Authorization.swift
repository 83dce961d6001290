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

    /// Whom the question is about, as tokens name users.
    public struct User: Sendable, Equatable {
        /// The claim that is the user's id. Absent: the user's name on the systems.
        public var claim: String?
        public var type: String
        /// Absent: what groups a token names is of no interest.
        public var groups: Groups?

        public init(claim: String? = nil, type: String = "user", groups: Groups? = nil) {
            self.claim = claim
            self.type = type
            self.groups = groups
        }
    }

    /// Groups that a token says its user to be in. They go with each question as tuples `user:<id>` `<relation>` `<type>:<group>`.
    public struct Groups: Sendable, Equatable {
        /// A claim, or with dots in between the claim and the keys below it, such as `realm_access.roles`.
        public var claim: String
        public var type: String
        public var relation: String

        public init(claim: String, type: String = "group", relation: String = "member") {
            self.claim = claim
            self.type = type
            self.relation = relation
        }
    }

    /// Absent: only the token's scopes are looked at.
    public var source: Source?
    /// For one question.
    public var timeout: Duration
    /// To the source, at a time; 0 means no limit.
    public var maxConnections: Int
    /// How long a yes of an endpoint or an OpenFGA server is remembered. Absent: not at all.
    public var cacheLifetime: Duration?
    /// Every one of these scopes must be in the token's `scope`.
    public var requiredScopes: [APIRoute.Permission: [String]]
    /// What differs from the usual question; see ``check(for:)``.
    public var checks: [APIRoute.Permission: Check]
    public var user: User

    public init(
        source: Source?, timeout: Duration = .seconds(1), maxConnections: Int = 100, cacheLifetime: Duration? = nil,
        requiredScopes: [APIRoute.Permission: [String]] = [:], checks: [APIRoute.Permission: Check] = [:], user: User = User()
    ) {
        self.source = source
        self.timeout = timeout
        self.maxConnections = maxConnections
        self.cacheLifetime = cacheLifetime
        self.requiredScopes = requiredScopes
        self.checks = checks
        self.user = user
    }

    /// The question to ask for a request that needs that permission.
    public func check(for permission: APIRoute.Permission) -> Check {
        checks[permission] ?? Check()
    }
}
