import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes

/// The payload of a token whose signature was verified (RFC 7519 section 4). An issuer that is trusted wrote it; its users' names are still hostile.
struct TokenClaims {
    /// How far the issuer's clock may be ahead of ours, in seconds. It counts for `nbf` and `iat`; an expired token is expired.
    static let clockSkew: TimeInterval = 10

    private let claims: [String: JSONValue]

    /// - Throws: ``APIError`` with the status 401 when the payload is not a JSON object.
    init(parsing payload: [UInt8]) throws(APIError) {
        guard let claims = try? JSONDecoder().decode([String: JSONValue].self, from: Data(payload)) else {
            throw .unauthenticated("The token's payload is not a JSON object")
        }
        self.claims = claims
    }

    /// When the token ends. A token without an end would be good for ever, so it isn't good at all.
    func expiry() throws(APIError) -> Date {
        guard let expiry = try date("exp") else { throw .unauthenticated("The token has no expiry (exp)") }
        return expiry
    }

    /// - Throws: ``APIError`` with the status 401 when the token is not valid yet.
    func checkBeginning(now: Date) throws(APIError) {
        if let notBefore = try date("nbf"), notBefore.timeIntervalSince(now) > Self.clockSkew {
            throw .unauthenticated("The token is not valid yet (nbf)")
        }
        if let issuedAt = try date("iat"), issuedAt.timeIntervalSince(now) > Self.clockSkew {
            throw .unauthenticated("The token was issued in the future (iat): the issuer's clock or this server's is wrong")
        }
    }

    /// - Throws: ``APIError`` with the status 401 when `aud` is neither the audience nor a list with it.
    func checkAudience(_ audience: String) throws(APIError) {
        let isIntended =
            switch claims["aud"] {
            case .string(let value)?: value == audience
            case .array(let values)?: values.contains(.string(audience))
            default: false
            }
        guard isIntended else { throw .unauthenticated("The token is not meant for this server: its aud is not \(audience)") }
    }

    /// - Throws: ``APIError`` with the status 400 when the claim is missing, with 401 when it is no text or no possible name.
    func username(claim: String) throws(APIError) -> String {
        switch claims[claim] {
        case nil, .null?:
            throw APIError(.badRequest, "The token has no claim \(claim), which names the user")
        case .string(let name)?:
            guard Username.isValid(name) else { throw .unauthenticated("The token's claim \(claim) is not a possible user name") }
            return name
        default:
            throw .unauthenticated("The token's claim \(claim) is not a text")
        }
    }

    /// `scope`, a list with blanks in between (RFC 8693 section 4.2), or `scp`, which some issuers write as an array.
    var scopes: Set<String> {
        switch claims["scope"] ?? claims["scp"] {
        case .string(let text)?: Set(text.split(separator: " ").map(String.init))
        case .array(let values)?: Set(values.compactMap(\.text))
        default: []
        }
    }

    var clientID: String? { claims["azp"]?.text ?? claims["client_id"]?.text }
    var issuer: String? { claims["iss"]?.text }

    /// The value of a claim, or of a key within claims, such as `realm_access.roles`. Names with dots in them are looked for first.
    func value(at path: String) -> JSONValue? {
        if let value = claims[path] { return value }
        return path.split(separator: ".", omittingEmptySubsequences: false).reduce(.object(claims)) { value, key in
            if case .object(let members)? = value { members[String(key)] } else { nil }
        }
    }

    /// A time in seconds since 1970, whole or not (RFC 7519 section 2).
    private func date(_ name: String) throws(APIError) -> Date? {
        let seconds: Double
        switch claims[name] {
        case nil: return nil
        case .integer(let value)?: seconds = Double(value)
        case .number(let value)?: seconds = value
        default: throw .unauthenticated("The token's \(name) is not a number")
        }
        // Later than the year 9999 is as good as for ever, and more than other code can put into an integer or a date.
        return Date(timeIntervalSince1970: min(max(seconds, 0), 253_402_300_799))
    }
}

extension JSONValue {
    fileprivate var text: String? {
        if case .string(let value) = self { value } else { nil }
    }
}
