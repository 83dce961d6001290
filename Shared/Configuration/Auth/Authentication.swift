/// The section `auth.authentication`: whose tokens are accepted, and where the service accounts get theirs.
public struct Authentication: Sendable, Equatable {
    /// How a service account shows its secret to the token endpoint (RFC 6749, section 2.3.1).
    public enum TokenEndpointMethod: String, Sendable, CaseIterable {
        case clientSecretBasic = "client_secret_basic"
        case clientSecretPost = "client_secret_post"
    }

    /// The scopes that the OpenAPI page names, with their descriptions.
    public var scopes: [String: String]
    public var tokenURL: String
    public var tokenEndpointMethod: TokenEndpointMethod
    /// Where the JWKS documents are: `http`, `https` and `file` URLs. A plain path in the YAML has become a `file` URL.
    public var publicCertificates: [String]
    /// The claim that holds the user's name.
    public var usernameClaim: String
    /// The algorithm of keys whose JWK names none.
    public var jwkAlgorithm: String?
    /// A token must be valid for at least this long.
    public var minTokenLifetime: Duration
    /// When set, a token's `aud` must contain it.
    public var audience: String?

    public init(
        scopes: [String: String] = [:], tokenURL: String, tokenEndpointMethod: TokenEndpointMethod = .clientSecretBasic,
        publicCertificates: [String], usernameClaim: String = "preferred_username", jwkAlgorithm: String? = nil,
        minTokenLifetime: Duration = .seconds(30), audience: String? = nil
    ) {
        self.scopes = scopes
        self.tokenURL = tokenURL
        self.tokenEndpointMethod = tokenEndpointMethod
        self.publicCertificates = publicCertificates
        self.usernameClaim = usernameClaim
        self.jwkAlgorithm = jwkAlgorithm
        self.minTokenLifetime = minTokenLifetime
        self.audience = audience
    }
}
