public import GoldcrestConfiguration
public import GoldcrestHTTPClient
public import Logging

/// The pools of all configured systems.
public final class SSHPools: Sendable {
    private let pools: [String: SSHPool]

    /// - Parameters:
    ///   - httpClient: For the service that hands out keys, if one is configured.
    ///   - usesSFTP: Whether files are accessed by SFTP on the systems that are set up for it.
    public init(settings: Settings, httpClient: HTTPClient, usesSFTP: Bool = false, logger: Logger) {
        let credentials = settings.sshCredentials.source(httpClient: httpClient)
        let pools = settings.clusters.map { cluster in
            (cluster.name, SSHPool(cluster: cluster, credentials: credentials, usesSFTP: usesSFTP, logger: logger))
        }
        self.pools = Dictionary(pools) { first, _ in first }
    }

    /// The pool of a system, by its name in lower case.
    public subscript(system: String) -> SSHPool? {
        pools[system]
    }

    /// Ends every connection of every system properly.
    public func shutdown() async {
        await withDiscardingTaskGroup { group in
            for pool in pools.values { group.addTask { await pool.shutdown() } }
        }
    }
}

extension SSHPool {
    /// The pool for one configured system.
    ///
    /// - Parameter usesSFTP: Whether files are accessed by SFTP if the system is set up for it.
    public convenience init(cluster: Cluster, credentials: any SSHCredentialSource, usesSFTP: Bool = false, logger: Logger) {
        let ssh = cluster.ssh
        var limits = SSHLimits()
        limits.maximumConnections = ssh.maxClients
        // One is left to end commands by; where there are two only, both are better used.
        limits.maximumSessions = ssh.maxSessions > 2 ? ssh.maxSessions - 1 : ssh.maxSessions
        limits.reservesSFTPChannel = usesSFTP && cluster.fileAccess != .exec && limits.maximumSessions > 1
        limits.maximumLogins = ssh.maxLogins
        limits.connectionTimeout = ssh.timeout.connection
        limits.loginTimeout = ssh.timeout.login
        limits.commandTimeout = ssh.timeout.commandExecution
        limits.idleTimeout = ssh.timeout.idleTimeout
        limits.keepAlive = ssh.timeout.keepAlive
        self.init(
            system: cluster.name,
            endpoint: SSHEndpoint(host: ssh.host, port: ssh.port, proxyHost: ssh.proxyHost, proxyPort: ssh.proxyPort ?? 22),
            limits: limits, knownHosts: ssh.knownHosts, credentials: credentials, logger: logger)
    }
}

extension SSHCredentials {
    /// Where the configured keys come from.
    public func source(httpClient: HTTPClient) -> any SSHCredentialSource {
        switch self {
        case .staticKeys(let keys):
            StaticKeys(
                keys.mapValues { key in
                    SSHCredential(privateKey: key.privateKey.revealed, publicKey: key.publicCertificate, passphrase: key.passphrase?.revealed)
                })
        case .service(let url, let maximumRequests):
            KeyService(url: url.withoutTrailingSlash, client: KeyServiceClient(http: httpClient, maximumRequests: maximumRequests))
        case .certificateAuthority(let url, let maximumRequests):
            CertificateAuthority(url: url.withoutTrailingSlash, client: KeyServiceClient(http: httpClient, maximumRequests: maximumRequests))
        }
    }
}

extension String {
    fileprivate var withoutTrailingSlash: String {
        hasSuffix("/") ? String(dropLast()) : self
    }
}
