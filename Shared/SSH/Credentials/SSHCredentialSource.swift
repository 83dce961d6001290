/// Where the keys of users come from.
public protocol SSHCredentialSource: Sendable {
    /// The credential for one login of a user.
    ///
    /// - Throws: ``SSHError`` with ``SSHError/Code/noCredential`` if the user is not to have one, or
    ///   ``SSHError/Code/credentialServiceUnreachable`` if that cannot be found out.
    func credential(for user: SSHUser) async throws -> SSHCredential
}
