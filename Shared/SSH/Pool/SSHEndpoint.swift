/// Where a system's SSH server is.
public struct SSHEndpoint: Sendable, Hashable {
    public var host: String
    public var port: Int
    /// The host to jump over, if the server cannot be reached directly. Users log in there with the same key.
    public var proxyHost: String?
    public var proxyPort: Int

    public init(host: String, port: Int = 22, proxyHost: String? = nil, proxyPort: Int = 22) {
        self.host = host
        self.port = port
        self.proxyHost = proxyHost
        self.proxyPort = proxyPort
    }

    var address: HostAddress { HostAddress(host: host, port: port) }
    var proxyAddress: HostAddress? { proxyHost.map { HostAddress(host: $0, port: proxyPort) } }
}
