/// How long moving a file's bytes through a request may take.
enum TransferTime {
    /// Clients slower than this on average are cut off: they hold one of the few channels of an SSH connection.
    private static let minimumBytesPerSecond = 64 * 1024

    /// - Parameters:
    ///   - bytes: The largest file.
    ///   - command: The time of a command that moves nothing.
    static func limit(forBytes bytes: Int, command: Duration) -> Duration {
        command + .seconds(bytes / minimumBytesPerSecond)
    }
}
