public import HTTPTypes

/// Finds the operation that a request asks for.
///
/// The path's case does not matter and neither does one slash at its end.
public struct RouteTable: Sendable {
    /// What a request asks for.
    public struct Match: Sendable {
        public let route: APIRoute
        /// The system that the path names, in lower case; `nil` on routes that concern none.
        public let system: String?
    }

    public enum Result: Sendable {
        case match(Match)
        /// The path exists, but not with this method.
        case methodNotAllowed(allowed: [HTTPRequest.Method])
        case notFound
    }

    private let routes: [String: [HTTPRequest.Method: APIRoute]]

    public init(_ routes: [APIRoute] = APIRoute.all) {
        self.routes = routes.reduce(into: [:]) { table, route in
            table[route.pattern, default: [:]][route.method] = route
        }
    }

    /// - Parameters:
    ///   - method: `HEAD` finds the route of `GET`.
    ///   - path: The path as it was sent, without the query.
    public func find(_ method: HTTPRequest.Method, _ path: String) -> Result {
        let (pattern, system) = Self.pattern(of: path)
        guard let methods = routes[pattern] else { return .notFound }
        if let route = methods[method] ?? (method == .head ? methods[.get] : nil) {
            return .match(Match(route: route, system: system))
        }
        let allowed = methods.keys.sorted { $0.rawValue < $1.rawValue }
        return .methodNotAllowed(allowed: allowed.contains(.get) ? allowed + [.head] : allowed)
    }

    /// Puts the names of variables where a path has their values: the system stands second, a job or task behind its collection.
    private static func pattern(of path: String) -> (pattern: String, system: String?) {
        let lowercased = path.lowercased()
        let trimmed = lowercased.hasSuffix("/") ? lowercased.dropLast() : lowercased[...]
        var parts = trimmed.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 3, !parts[2].isEmpty else { return (String(trimmed), nil) }
        let system = String(parts[2])
        parts[2] = "{system_name}"
        if parts.count > 4, !parts[4].isEmpty, parts[1] == "compute", parts[3] == "jobs" { parts[4] = "{job_id}" }
        if parts.count > 5, !parts[5].isEmpty, parts[1] == "filesystem", parts[3] == "transfer", parts[4] == "tasks" { parts[5] = "{task_id}" }
        return (parts.joined(separator: "/"), system)
    }
}
