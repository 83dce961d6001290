/// The paths that operators use on the gateway's own port; no part of the public API.
enum OperationalPath {
    static func matches(_ path: String) -> Bool {
        path.hasPrefix("/health/") || path == "/metrics"
    }
}
