import GoldcrestConfiguration

/// One system: what its configuration allows, and what does the work there.
struct FilesystemSystem: Sendable {
    let cluster: Cluster
    let files: any FileSystemAccess
}
