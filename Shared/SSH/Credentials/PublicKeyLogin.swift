import CLibSSH2
import COpenSSL

/// One login by public key, RFC 4252 section 7. Used on one event loop only.
final class PublicKeyLogin {
    private enum Method {
        /// libssh2 reads the key and signs.
        case library
        case ownSignature(RSAPrivateKey, publicKey: [UInt8])
    }

    private var user: String
    private var credential: SSHCredential
    private let method: Method

    /// - Throws: ``SSHError`` with ``SSHError/Code/unsupportedKey`` if the linked libssh2 cannot log in with the key.
    init(user: String, credential: SSHCredential) throws {
        self.user = user
        self.credential = credential
        method = LibSSH2.signsRSAWithSHA2 ? .library : try Self.method(before111: credential)
    }

    private static func method(before111 credential: SSHCredential) throws -> Method {
        let certificateType = credential.publicKey?.split(separator: " ").first.map(String.init)
        if let certificateType, certificateType.contains("-cert-"), !certificateType.hasPrefix("ecdsa-sha2-") {
            throw SSHError(
                .unsupportedKey,
                "A certificate of the type \(certificateType) cannot be used with libssh2 \(LibSSH2.version): use an ECDSA key or libssh2 1.11 or later.")
        }
        guard let key = try RSAPrivateKey(credential.privateKey, passphrase: credential.passphrase) else { return .library }
        guard let publicKey = key.publicKey() else { throw SSHError(.unsupportedKey, "The user's RSA key has no public part.") }
        return .ownSignature(key, publicKey: publicKey)
    }

    func attempt(on session: SessionHandle) throws -> Progress<Void> {
        do {
            return switch method {
            case .library: try attemptByLibrary(on: session)
            case .ownSignature(let key, let publicKey): try attempt(on: session, signingBy: key, publicKey)
            }
        } catch let error as LibSSH2Error where [LIBSSH2_ERROR_FILE, LIBSSH2_ERROR_METHOD_NONE, LIBSSH2_ERROR_KEYFILE_AUTH_FAILED].contains(error.code) {
            throw SSHError(
                .unsupportedKey,
                "The user's private key cannot be used with libssh2 \(LibSSH2.version): its type or format is unknown, or its passphrase wrong or missing.",
                causes: [error.description])
        }
    }

    private func attemptByLibrary(on session: SessionHandle) throws -> Progress<Void> {
        let hasPublicKey = credential.publicKey != nil
        var publicKey = credential.publicKey ?? ""
        let passphrase = credential.passphrase ?? ""
        return try user.withUTF8 { user in
            try credential.privateKey.withUTF8 { privateKey in
                try publicKey.withUTF8 { publicKey in
                    try session.call("login") { session in
                        libssh2_userauth_publickey_frommemory(
                            session, user.characters, user.count, hasPublicKey ? publicKey.characters : nil, hasPublicKey ? publicKey.count : 0,
                            // The passphrase is never nil: OpenSSL would ask for one on the terminal.
                            privateKey.characters, privateKey.count, passphrase)
                    }
                }
            }
        }
    }

    private func attempt(on session: SessionHandle, signingBy key: RSAPrivateKey, _ publicKey: [UInt8]) throws -> Progress<Void> {
        // libssh2 calls back within this call only, so the key need not be retained for it.
        var context: UnsafeMutableRawPointer? = Unmanaged.passUnretained(key).toOpaque()
        return try withExtendedLifetime(key) {
            try session.call("login") { session in
                libssh2_userauth_publickey(session, user, publicKey, publicKey.count, signLogin, &context)
            }
        }
    }
}

/// `LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC`: the signature is malloc'd, and freed by libssh2.
private func signLogin(
    _: OpaquePointer?, _ signature: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ length: UnsafeMutablePointer<Int>?,
    _ message: UnsafePointer<UInt8>?, _ messageLength: Int, _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
    guard let object = context?.pointee, let signature, let length else { return -1 }
    let key = Unmanaged<RSAPrivateKey>.fromOpaque(object).takeUnretainedValue()
    guard let bytes = key.signature(for: UnsafeBufferPointer(start: message, count: messageLength)),
        let copy = malloc(bytes.count)?.assumingMemoryBound(to: UInt8.self)
    else { return -1 }
    copy.initialize(from: bytes, count: bytes.count)
    signature.pointee = copy
    length.pointee = bytes.count
    return 0
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate var characters: UnsafePointer<CChar>? {
        UnsafeRawPointer(baseAddress)?.assumingMemoryBound(to: CChar.self)
    }
}
