import CLibSSH2
import Synchronization

/// Which host keys are trusted.
final class HostKeyPolicy: Sendable {
    private let knownHostsPath: String?
    /// The keys seen first, for servers of which no file tells.
    private let seen = Mutex<[HostAddress: HostKey]>([:])

    /// - Parameter knownHostsPath: A file in the format of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. Nil: the key that a server shows first is its
    ///   key for as long as this object lives.
    init(knownHostsPath: String?) {
        self.knownHostsPath = knownHostsPath
    }

    /// The types of host key to ask the server for, the known ones first, so that it does not show one that we don't know. Nil for the
    /// library's own order.
    func preferredTypes(for address: HostAddress, session: SessionHandle) throws -> [String]? {
        guard let knownHostsPath else { return nil }
        let known = try KnownHosts(readingFrom: knownHostsPath, session: session).types(of: address)
        return known + KnownHosts.allTypes.filter { !known.contains($0) }
    }

    /// Throws ``SSHError/Code/hostKeyRejected`` unless the key is the server's.
    func verify(_ key: HostKey, of address: HostAddress, session: SessionHandle) throws {
        if let knownHostsPath {
            try verify(key, of: address, by: KnownHosts(readingFrom: knownHostsPath, session: session), at: knownHostsPath)
        } else {
            try remember(key, of: address)
        }
    }

    private func verify(_ key: HostKey, of address: HostAddress, by knownHosts: KnownHosts, at path: String) throws {
        switch knownHosts.check(key, of: address) {
        case .known:
            return
        case .unknown:
            throw SSHError(
                .hostKeyRejected, "The host key of \(address) is not in \(path). Add it (ssh-keyscan -p \(address.port) \(address.host)) once you have verified it.")
        case .different:
            throw SSHError(
                .hostKeyRejected,
                "\(address) shows another host key than the one in \(path). If the key was changed on purpose, replace its line there; otherwise somebody may be in between."
            )
        }
    }

    private func remember(_ key: HostKey, of address: HostAddress) throws {
        let first = seen.withLock { seen in
            if let first = seen[address] { return first }
            seen[address] = key
            return key
        }
        guard first == key else {
            throw SSHError(
                .hostKeyRejected,
                "\(address) shows another host key than before. If the key was changed on purpose, restart the service or configure known_hosts; otherwise somebody may be in between."
            )
        }
    }
}
