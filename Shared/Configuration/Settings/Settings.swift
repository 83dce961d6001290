/// Everything that the FirecREST YAML file says, with all defaults filled in and every value checked.
public struct Settings: Sendable, Equatable {
    /// What the public paths begin with; empty, or starts with `/` and doesn't end with it.
    public var apisRootPath: String
    /// The servers that the OpenAPI page offers.
    public var docServers: [DocServer]
    public var appDebug: Bool
    public var auth: Auth
    public var sshCredentials: SSHCredentials
    /// Names are unique and in lower case.
    public var clusters: [Cluster]
    public var logger: LoggerSettings

    /// An entry of `servers` in the OpenAPI document.
    public struct DocServer: Sendable, Equatable, Codable {
        public var url: String
        public var description: String?

        public init(url: String, description: String? = nil) {
            self.url = url
            self.description = description
        }
    }

    public init(
        apisRootPath: String = "", docServers: [DocServer] = [], appDebug: Bool = false, auth: Auth, sshCredentials: SSHCredentials,
        clusters: [Cluster], logger: LoggerSettings = LoggerSettings()
    ) {
        self.apisRootPath = apisRootPath
        self.docServers = docServers
        self.appDebug = appDebug
        self.auth = auth
        self.sshCredentials = sshCredentials
        self.clusters = clusters
        self.logger = logger
    }

    /// The cluster of that name in any case, if there is one.
    public func cluster(named name: some StringProtocol) -> Cluster? {
        let name = name.lowercased()
        return clusters.first { $0.name == name }
    }
}
