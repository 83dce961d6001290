/// What a server's SFTP can do beyond what the protocol promises.
struct SFTPAbilities: Equatable {
    /// Whether a rename can replace a file.
    var renamesReplacing = false
    var limits = SFTPLimits()

    init(of version: SFTPVersion) {
        renamesReplacing = version.extensions[SFTPVersion.renamesReplacing] == "1"
    }
}
