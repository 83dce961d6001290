/// How much and how long a system's SSH server is used.
public struct SSHLimits: Sendable, Hashable {
    /// The most connections at any time, of all users together.
    public var maximumConnections = 100
    /// The most channels in use on one connection: one less than OpenSSH's `MaxSessions`, so that there is one by which commands can be ended
    /// that hang on all others.
    public var maximumSessions = 9
    /// Whether commands leave one of these channels to SFTP.
    public var reservesSFTPChannel = false
    /// The most logins under way at any time, of all users together: sshd turns connections away when too many have not logged in yet
    /// (sshd_config(5), `MaxStartups`), and there may be other clients.
    public var maximumLogins = 4
    /// For TCP and the SSH handshake, each host.
    public var connectionTimeout = Duration.seconds(5)
    public var loginTimeout = Duration.seconds(5)
    /// For a command that names no time of its own.
    public var commandTimeout = Duration.seconds(5)
    /// After so long without a command a connection is closed.
    public var idleTimeout = Duration.seconds(60)
    /// After so long without a byte from the server it is asked whether it is still there; 0 for never.
    public var keepAlive = Duration.seconds(5)
    /// A user's next connection is opened once a command has waited so long for a channel. Short commands are better served by the
    /// connections there are: a login costs the server more than they do.
    public var growthDelay = Duration.milliseconds(50)
    /// How much later than the far side we give up a command.
    public var timeoutMargin = Duration.seconds(2)

    public init() {}
}
