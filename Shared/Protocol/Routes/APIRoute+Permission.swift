public import HTTPTypes

extension APIRoute {
    /// What users and tokens may be allowed to do, each without the others.
    public enum Permission: String, Sendable, CaseIterable {
        /// `/status/**`
        case status
        /// `GET /compute/**`
        case computeRead = "compute:read"
        /// Everything else on `/compute/**`
        case computeWrite = "compute:write"
        /// `GET /filesystem/{system}/ops/**`
        case filesystemRead = "filesystem:read"
        /// Everything else on `/filesystem/{system}/ops/**`
        case filesystemWrite = "filesystem:write"
        /// `/filesystem/{system}/transfer/**`
        case transfer
    }

    /// What is needed to call it.
    public var permission: Permission { Permission(calling: method, in: group) }
}

extension APIRoute.Permission {
    /// What is needed to call an operation: those of `GET` only look at things.
    public init(calling method: HTTPRequest.Method, in group: APIRoute.Group) {
        self =
            switch group {
            case .status: .status
            case .compute: method == .get ? .computeRead : .computeWrite
            case .filesystem: method == .get ? .filesystemRead : .filesystemWrite
            case .transfer: .transfer
            }
    }

    /// The part of the API that it belongs to.
    public var group: APIRoute.Group {
        switch self {
        case .status: .status
        case .computeRead, .computeWrite: .compute
        case .filesystemRead, .filesystemWrite: .filesystem
        case .transfer: .transfer
        }
    }
}
