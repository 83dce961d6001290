/// The executables of Goldcrest.
public enum ServiceName: String, Sendable, CaseIterable, Codable {
    case authGateway = "auth-gateway"
    case computeService = "compute-service"
    case filesystemService = "filesystem-service"
    case transferService = "transfer-service"
    case healthChecker = "health-checker"

    /// The port it listens on unless told otherwise.
    public var defaultPort: Int {
        switch self {
        case .authGateway: 5000
        case .computeService: 5001
        case .filesystemService: 5002
        case .transferService: 5003
        case .healthChecker: 5004
        }
    }

    /// Whether it keeps anything in PostgreSQL.
    public var usesDatabase: Bool {
        switch self {
        case .authGateway, .transferService, .healthChecker: true
        case .computeService, .filesystemService: false
        }
    }
}

extension ServiceName: CustomStringConvertible {
    public var description: String { rawValue }
}
