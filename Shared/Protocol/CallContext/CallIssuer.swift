/// Who may vouch for a call between services.
public enum CallIssuer: String, Codable, Sendable, Hashable, CaseIterable {
    case authGateway = "auth-gateway"
    case transferService = "transfer-service"
    case healthChecker = "health-checker"
}
