/// A part of a system whose health is checked.
public enum BackendServiceType: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
    case scheduler
    case ssh
    case filesystem
    case s3
    /// The check of the whole system failed before it could look at its parts.
    case exception
}
