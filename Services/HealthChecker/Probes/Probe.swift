import GoldcrestConfiguration
import GoldcrestProtocol

/// One thing that is looked at on a system.
enum Probe: Sendable, Equatable {
    case ssh
    case scheduler
    case filesystem(path: AbsolutePath)
    case s3(url: String)

    var serviceType: BackendServiceType {
        switch self {
        case .ssh: .ssh
        case .scheduler: .scheduler
        case .filesystem: .filesystem
        case .s3: .s3
        }
    }

    var path: String? {
        if case .filesystem(let path) = self { "\(path)" } else { nil }
    }

    /// Everything that a cluster's configuration asks to look at, with the longest wait for each.
    static func all(of cluster: Cluster) -> [(probe: Probe, timeout: Duration)] {
        let services = cluster.probing.services ?? [:]
        return services.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { type, timeout in
            probes(of: type, on: cluster).map { ($0, timeout) }
        }
    }

    private static func probes(of type: Cluster.Probing.ServiceType, on cluster: Cluster) -> [Probe] {
        switch type {
        case .ssh: [.ssh]
        case .scheduler: [.scheduler]
        case .filesystem: cluster.fileSystems.map { .filesystem(path: $0.path) }
        case .s3:
            if case .s3(let storage)? = cluster.dataOperation.dataTransfer { [.s3(url: storage.privateURL.revealed)] } else { [] }
        }
    }
}
