/// A service of a system that the last health check found wanting.
public struct UnhealthyService: Codable, Sendable, Hashable {
    /// As in the entries of `servicesHealth`.
    public var serviceType: BackendServiceType
    /// Which file system; nil for the other kinds.
    public var path: String?

    public init(_ serviceType: BackendServiceType, path: String? = nil) {
        self.serviceType = serviceType
        self.path = path
    }
}
