import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes

/// The path that a request works on.
struct PathParameter: Sendable, Equatable {
    let path: AbsolutePath
    /// Whether it was written with a slash at its end, or an equivalent of one.
    let endsInSlash: Bool

    /// - Parameters:
    ///   - bytes: As the request has it; nil when it has none.
    ///   - name: The parameter's name, for messages.
    /// - Throws: ``APIError`` 400 when it is missing, or no absolute path in one of the cluster's file systems.
    init(_ bytes: [UInt8]?, named name: String = "path", on cluster: Cluster) throws(APIError) {
        guard let bytes else { throw APIError(.badRequest, "The parameter \(name) is missing") }
        do {
            path = try cluster.authorisedPath(bytes)
        } catch {
            throw APIError(error.status, "\(name): \(error.message)")
        }
        let ends = ["/", "/.", "/.."]
        endsInSlash = ends.contains { bytes.reversed().starts(with: $0.utf8.reversed()) }
    }

    /// The same for what JSON holds.
    init(text: String?, named name: String = "path", on cluster: Cluster) throws(APIError) {
        try self.init(text.map { Array($0.utf8) }, named: name, on: cluster)
    }
}
