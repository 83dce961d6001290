import FoundationEssentials

/// Who sends a request, as the token says.
struct Principal: Sendable, Equatable {
    var username: String
    /// The token itself, for the services that need it: a secret.
    var token: String
    var expiry: Date
    /// Whom questions about access are about.
    var subject: Result<AccessSubject, UnusableClaim>
    var scopes: Set<String> = []
    /// The client that got the token (`azp`, else `client_id`).
    var clientID: String?
    /// Who issued the token (`iss`).
    var issuer: String?
}

extension Principal: CustomStringConvertible, CustomDebugStringConvertible {
    var description: String { username }
    var debugDescription: String { "Principal(\(username))" }
}
