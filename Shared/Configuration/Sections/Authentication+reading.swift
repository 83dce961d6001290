extension Authentication {
    /// The algorithms that a JWK may be for (RFC 7518, section 3.1; RFC 8037).
    private enum Algorithm: String, CaseIterable {
        case rs256 = "RS256"
        case rs384 = "RS384"
        case rs512 = "RS512"
        case ps256 = "PS256"
        case ps384 = "PS384"
        case ps512 = "PS512"
        case es256 = "ES256"
        case es384 = "ES384"
        case es512 = "ES512"
        case edDSA = "EdDSA"
        case hs256 = "HS256"
        case hs384 = "HS384"
        case hs512 = "HS512"
    }

    init(reading section: ConfigurationSection) {
        let algorithm: Algorithm? = section.optionalChoice("jwk_algorithm")
        self.init(
            scopes: section.namedTexts("scopes"),
            tokenURL: section.url("token_url"),
            tokenEndpointMethod: section.choice("token_endpoint_auth_method", default: .clientSecretBasic),
            publicCertificates: Self.publicCertificates(in: section),
            usernameClaim: section.text("username_claim", default: "preferred_username"),
            jwkAlgorithm: algorithm?.rawValue,
            minTokenLifetime: section.seconds("min_token_ttl", in: 0...86400, default: .seconds(30)),
            audience: section.optionalText("audience"))
    }

    private static func publicCertificates(in section: ConfigurationSection) -> [String] {
        let expected = "an http, https or file URL of a JWKS document, or its path"
        let filePrefix = "file://"
        let locations = section.texts("public_certs", expected: expected) { text in
            text.contains("://") ? WebURL(text) != nil || text.hasPrefix(filePrefix + "/") : !text.isEmpty
        }
        if section.isEmptyList("public_certs") {
            section.reportMissing("public_certs", expected: "a list with at least one JWKS document: without a key no token can be accepted")
        }
        return locations.map { $0.contains("://") ? $0 : filePrefix + ConfigurationFile.resolve($0, from: section.directory) }
    }
}
