public import GoldcrestConfiguration
public import GoldcrestProtocol

extension DeploymentEnvironment {
    /// The base URLs of the services behind the gateway, without a slash at the end.
    public var serviceAddresses: [APIRoute.Destination: String] {
        [.compute: computeURL, .filesystem: filesystemURL, .transfer: transferURL]
    }

    /// Where the database is.
    ///
    /// - Throws: ``ConfigurationError`` if the environment does not say.
    public func requiredDatabaseURL() throws -> String {
        guard let databaseURL else {
            throw ConfigurationError(problems: [
                .init(path: "DATABASE_URL", found: "nothing", expected: "postgresql://user:password@host:port/name")
            ])
        }
        return databaseURL.revealed
    }
}
