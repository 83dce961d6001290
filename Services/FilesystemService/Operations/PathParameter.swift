import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes

/// The path that a request works on.
struct PathParameter: Sendable, Equatable {
    let path: AbsolutePath
    /// Whether it was written with a slash at its end, or an equivalent of one.
    let endsInSlash: Bool

    /// - Parameter text: As the request has it; nil when it has none.
    /// - Throws: ``APIError`` 400 when it is missing, or no absolute path in one of the cluster's file systems.
    init(_ text: String?, on cluster: Cluster) throws(APIError) {
        guard let text else { throw APIError(.badRequest, "The parameter path is missing") }
        path = try cluster.authorisedPath(text)
        let ends = ["/", "/.", "/.."]
        endsInSlash = ends.contains { text.utf8.reversed().starts(with: $0.utf8.reversed()) }
    }
}
