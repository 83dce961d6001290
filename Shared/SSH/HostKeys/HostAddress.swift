/// The name by which a server is known.
struct HostAddress: Hashable, Sendable {
    var host: String
    var port: Int
}

extension HostAddress: CustomStringConvertible {
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
