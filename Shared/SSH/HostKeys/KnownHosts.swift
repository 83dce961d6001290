import CLibSSH2

/// A file of host keys in the format of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
///
/// Hashed names and `[host]:port` are understood.
final class KnownHosts {
    enum Verdict {
        case known
        case unknown
        case different
    }

    private let pointer: OpaquePointer
    // libssh2 frees the list through its session.
    private let session: SessionHandle

    /// - Throws: ``SSHError`` with ``SSHError/Code/hostKeyRejected`` if the file cannot be read.
    init(readingFrom path: String, session: SessionHandle) throws {
        guard let pointer = libssh2_knownhost_init(try session.live()) else {
            throw LibSSH2Error(operation: "known_hosts", code: LIBSSH2_ERROR_ALLOC, message: "no memory")
        }
        self.pointer = pointer
        self.session = session
        let count = libssh2_knownhost_readfile(pointer, path, LIBSSH2_KNOWNHOST_FILE_OPENSSH)
        guard count >= 0 else {
            throw SSHError(
                .hostKeyRejected, "The known_hosts file \(path) cannot be read, so no server is trusted.",
                causes: [session.error(count, in: "known_hosts").description])
        }
    }

    deinit {
        libssh2_knownhost_free(pointer)
    }

    func check(_ key: HostKey, of address: HostAddress) -> Verdict {
        check(key.bytes, type: Self.types.first { $0.name == key.type }?.mask ?? 0, of: address)
    }

    /// The names of the types of key that are known of a server, including the signature algorithms of each.
    func types(of address: HostAddress) -> [String] {
        Self.types.flatMap { type -> [String] in
            // No key is like this one: the verdict tells whether there is a key of the type at all.
            if case .different = check([0], type: type.mask, of: address) { type.algorithms } else { [] }
        }
    }

    static let allTypes = types.flatMap(\.algorithms)

    private func check(_ key: [UInt8], type: Int32, of address: HostAddress) -> Verdict {
        let mask = LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW | type
        let code = key.withUnsafeBytes { bytes in
            libssh2_knownhost_checkp(
                pointer, address.host, Int32(address.port), bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, mask, nil)
        }
        return switch code {
        case LIBSSH2_KNOWNHOST_CHECK_MATCH: .known
        case LIBSSH2_KNOWNHOST_CHECK_MISMATCH: .different
        default: .unknown
        }
    }

    private static let types: [(name: String, mask: Int32, algorithms: [String])] = [
        ("ssh-ed25519", LIBSSH2_KNOWNHOST_KEY_ED25519, ["ssh-ed25519"]),
        ("ecdsa-sha2-nistp256", LIBSSH2_KNOWNHOST_KEY_ECDSA_256, ["ecdsa-sha2-nistp256"]),
        ("ecdsa-sha2-nistp384", LIBSSH2_KNOWNHOST_KEY_ECDSA_384, ["ecdsa-sha2-nistp384"]),
        ("ecdsa-sha2-nistp521", LIBSSH2_KNOWNHOST_KEY_ECDSA_521, ["ecdsa-sha2-nistp521"]),
        ("ssh-rsa", LIBSSH2_KNOWNHOST_KEY_SSHRSA, ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"]),
    ]
}
