/// What a user logs in with.
public struct SSHCredential: Sendable {
    /// The private key in any form that libssh2 reads: PEM (PKCS#1, SEC 1, PKCS#8) or OpenSSH.
    public var privateKey: String
    /// The public key or certificate, as a line of a `.pub` file. Without it the public key is derived from the private one.
    public var publicKey: String?
    public var passphrase: String?

    public init(privateKey: String, publicKey: String? = nil, passphrase: String? = nil) {
        self.privateKey = privateKey
        self.publicKey = publicKey
        self.passphrase = passphrase
    }
}

extension SSHCredential: CustomStringConvertible, CustomReflectable {
    public var description: String { "**********" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
