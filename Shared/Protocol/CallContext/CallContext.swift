public import FoundationEssentials

/// On whose behalf a service is called, for which system, and what is known of that system's health.
///
/// It travels as a compact JWS signed with Ed25519 in the header ``headerName``, so that whoever merely reaches a service's port cannot act as
/// a user. The header's `kid` names the issuer, and so the key.
public struct CallContext: Sendable, Hashable {
    /// The name of the HTTP header.
    public static let headerName = "X-Goldcrest-Context"
    /// The longest time for which a context may be good.
    public static let maximumLifetime: TimeInterval = 60

    public var issuer: CallIssuer
    /// The user's name on the system.
    public var user: String
    public var system: String
    public var unhealthyServices: [UnhealthyService]
    /// When the context ends, in whole seconds.
    public var expiry: Date

    public init(issuer: CallIssuer, user: String, system: String, unhealthyServices: [UnhealthyService] = [], expiry: Date) {
        self.issuer = issuer
        self.user = user
        self.system = system
        self.unhealthyServices = unhealthyServices
        self.expiry = expiry
    }
}

extension CallContext: Codable {
    /// The registered names of RFC 7519 section 4.1 where there is one.
    private enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case user = "sub"
        case system
        case unhealthyServices = "unhealthy"
        case expiry = "exp"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        issuer = try container.decode(CallIssuer.self, forKey: .issuer)
        user = try container.decode(String.self, forKey: .user)
        system = try container.decode(String.self, forKey: .system)
        unhealthyServices = try container.decodeIfPresent([UnhealthyService].self, forKey: .unhealthyServices) ?? []
        expiry = Date(timeIntervalSince1970: TimeInterval(try container.decode(Int64.self, forKey: .expiry)))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(issuer, forKey: .issuer)
        try container.encode(user, forKey: .user)
        try container.encode(system, forKey: .system)
        if !unhealthyServices.isEmpty { try container.encode(unhealthyServices, forKey: .unhealthyServices) }
        try container.encode(Int64(expiry.timeIntervalSince1970.rounded(.down)), forKey: .expiry)
    }
}
