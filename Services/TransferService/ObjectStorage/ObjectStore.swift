import GoldcrestConfiguration
import GoldcrestHTTPClient
import Logging

/// The object storage in between of a system: what users upload to it, jobs download from it, and the other way round.
struct ObjectStore: Sendable {
    /// The two ways to the storage.
    enum Endpoint: Sendable {
        /// For users.
        case publicEndpoint
        /// For jobs and services.
        case privateEndpoint
    }

    let settings: Cluster.DataTransfer.S3
    let client: HTTPClient
    let logger: Logger
    let preparedBuckets = PreparedBuckets()
    private let publicAddress: StorageAddress
    private let privateAddress: StorageAddress

    /// - Throws: ``ConfigurationError`` if one of the storage's URLs is none that objects can be reached by.
    init(_ settings: Cluster.DataTransfer.S3, client: HTTPClient, logger: Logger) throws {
        self.settings = settings
        self.client = client
        self.logger = logger
        publicAddress = try Self.address(settings.publicURL, "public_url", of: settings)
        privateAddress = try Self.address(settings.privateURL.revealed, "private_url", of: settings)
    }

    func address(of endpoint: Endpoint) -> StorageAddress {
        switch endpoint {
        case .publicEndpoint: publicAddress
        case .privateEndpoint: privateAddress
        }
    }

    private static func address(_ url: String, _ key: String, of settings: Cluster.DataTransfer.S3) throws -> StorageAddress {
        guard let address = StorageAddress(url) else {
            throw ConfigurationError(problems: [
                .init(
                    path: "data_transfer.\(key) of \(settings.name)", found: "another URL",
                    expected: "http or https, a host and perhaps a path, without user, query and fragment")
            ])
        }
        return address
    }
}
