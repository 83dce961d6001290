import Metrics

/// What a pool tells about itself, for each system.
struct SSHPoolMetrics: Sendable {
    /// Connections that are open or being opened.
    let connections: Gauge
    let logins: Counter
    let failedLogins: Counter
    let commands: Counter
    /// How often SFTP was used, each time for any number of requests.
    let sftpUses: Counter
    /// How long a command waited for a channel, or SFTP for a connection.
    let waiting: Timer

    init(system: String) {
        let dimensions = [("system", system)]
        connections = Gauge(label: "ssh_connections", dimensions: dimensions)
        logins = Counter(label: "ssh_logins_total", dimensions: dimensions)
        failedLogins = Counter(label: "ssh_login_failures_total", dimensions: dimensions)
        commands = Counter(label: "ssh_commands_total", dimensions: dimensions)
        sftpUses = Counter(label: "ssh_sftp_uses_total", dimensions: dimensions)
        waiting = Timer(label: "ssh_wait_seconds", dimensions: dimensions, preferredDisplayUnit: .seconds)
    }
}
