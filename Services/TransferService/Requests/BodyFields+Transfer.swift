import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// The fields that the bodies of transfers have in common, in every spelling that clients use.
extension BodyFields {
    /// What the transfer is about.
    ///
    /// - Throws: ``APIError`` 400 when it is missing, or no absolute path in one of the system's file systems.
    mutating func path(on cluster: Cluster) throws(APIError) -> AbsolutePath {
        try Self.path(string("path", "sourcePath", "source_path"), named: "path", on: cluster)
    }

    /// Where its result goes.
    ///
    /// - Throws: ``APIError`` 400 when it is missing, or no absolute path in one of the system's file systems.
    mutating func targetPath(on cluster: Cluster) throws(APIError) -> AbsolutePath {
        try Self.path(string("targetPath", "target_path"), named: "targetPath", on: cluster)
    }

    /// What the job is charged to.
    mutating func account(on cluster: Cluster) -> String? {
        let account = string("account").flatMap { $0.isEmpty ? nil : $0 }
        if let problem = cluster.problem(withAccount: account) { refuse("account", problem) }
        return account
    }

    /// How an upload or a download goes; firecrest-ui names it beside the directives, not in them.
    ///
    /// - Parameter directives: The fields of `transferDirectives`.
    /// - Throws: ``APIError`` 400 if the request names none, or another than the system's; 501 if the system has none.
    mutating func transferMethod(in directives: inout BodyFields, on cluster: Cluster) throws -> Cluster.DataTransfer {
        let named = directives.string("transferMethod", "transfer_method") ?? string("transferMethod", "transfer_method")
        guard let transfer = cluster.dataOperation.dataTransfer else {
            throw APIError(.notImplemented, "Files do not get into or out of \(cluster.name) by jobs: the system has no data_transfer")
        }
        let own = "\(cluster.name) transfers by \(transfer.serviceType)"
        guard let named else {
            adopt(directives)
            try finish()
            throw APIError.validation([.init(location: .body, name: "transferDirectives.transferMethod", message: "is required; \(own)")])
        }
        guard named == transfer.serviceType else {
            throw APIError(.badRequest, "The transferMethod is none of the system's: \(own)")
        }
        return transfer
    }

    private static func path(_ text: String?, named name: String, on cluster: Cluster) throws(APIError) -> AbsolutePath {
        guard let text else { throw APIError(.badRequest, "`\(name)` is required") }
        return try cluster.authorisedPath(text)
    }
}
