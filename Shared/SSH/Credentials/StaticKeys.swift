/// Keys that stand in the configuration, one for each user.
public struct StaticKeys: SSHCredentialSource {
    private let credentials: [String: SSHCredential]

    public init(_ credentials: [String: SSHCredential]) {
        self.credentials = credentials
    }

    public func credential(for user: SSHUser) async throws -> SSHCredential {
        guard let credential = credentials[user.name] else {
            throw SSHError(.noCredential, "There is no SSH key for the user \(user.name): add one under ssh_credentials.keys.")
        }
        return credential
    }
}
