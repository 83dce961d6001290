import GoldcrestConfiguration

/// What a token must have for its bearer to be let in.
struct TokenPolicy: Sendable {
    /// The claim with the user's name on the systems.
    var usernameClaim = "preferred_username"
    /// A token with less time left is refused, so that it doesn't expire on its way through the services.
    var minimumLifetime: Duration = .seconds(30)
    /// When set, `aud` must contain it.
    var audience: String?
    /// How the token names the user of questions about access.
    var subject = SubjectClaims()
}

extension TokenPolicy {
    init(_ settings: Auth) {
        let authentication = settings.authentication
        self.init(
            usernameClaim: authentication.usernameClaim, minimumLifetime: authentication.minTokenLifetime, audience: authentication.audience,
            subject: SubjectClaims(settings.authorization?.user ?? Authorization.User()))
    }
}
