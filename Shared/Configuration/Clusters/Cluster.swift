/// One system that users reach through Goldcrest: an entry of `clusters`.
public struct Cluster: Sendable, Equatable {
    /// How file operations are done.
    public enum FileAccess: String, Sendable, CaseIterable {
        /// By SFTP where the server has it, otherwise by commands.
        case automatic = "auto"
        case sftp
        /// By commands only.
        case exec
    }

    /// An OAuth client with which Goldcrest itself works on the system.
    public struct ServiceAccount: Sendable, Equatable {
        public var clientID: String
        public var secret: Secret

        public init(clientID: String, secret: Secret) {
            self.clientID = clientID
            self.secret = secret
        }
    }

    /// In lower case, unique.
    public var name: String
    public var serviceAccount: ServiceAccount?
    public var fileSystems: [FileSystem]
    public var ssh: SSH
    public var scheduler: Scheduler
    public var probing: Probing
    public var dataOperation: DataOperation
    public var fileAccess: FileAccess
    /// The system's time zone as an IANA name, for times that SFTP gives in seconds. Absent: ask the system.
    public var timezone: String?

    public init(
        name: String, serviceAccount: ServiceAccount? = nil, fileSystems: [FileSystem] = [], ssh: SSH, scheduler: Scheduler,
        probing: Probing = Probing(), dataOperation: DataOperation = DataOperation(), fileAccess: FileAccess = .automatic,
        timezone: String? = nil
    ) {
        self.name = name.lowercased()
        self.serviceAccount = serviceAccount
        self.fileSystems = fileSystems
        self.ssh = ssh
        self.scheduler = scheduler
        self.probing = probing
        self.dataOperation = dataOperation
        self.fileAccess = fileAccess
        self.timezone = timezone
    }
}
