/// The section `ssh_credentials`: where the keys come from with which users are logged in. `maxConnections` of 0 means no limit.
public enum SSHCredentials: Sendable, Equatable {
    /// `SSHStaticKeys`: keys by user name.
    case staticKeys([String: StaticKey])
    /// `SSHService`: a service that makes a short-lived key pair for a user's token.
    case service(url: String, maxConnections: Int)
    /// `SSHCA`: an authority that signs a fresh public key for a user's token.
    case certificateAuthority(url: String, maxConnections: Int)

    /// One user's key.
    public struct StaticKey: Sendable, Equatable {
        /// A private key in PEM or OpenSSH format.
        public var privateKey: Secret
        /// A certificate in the format of OpenSSH's `…-cert.pub` files.
        public var publicCertificate: String?
        public var passphrase: Secret?

        public init(privateKey: Secret, publicCertificate: String? = nil, passphrase: Secret? = nil) {
            self.privateKey = privateKey
            self.publicCertificate = publicCertificate
            self.passphrase = passphrase
        }
    }
}
