public import Logging

/// What only this deployment knows and the FirecREST YAML doesn't say: it comes from environment variables.
public struct DeploymentEnvironment: Sendable, Equatable {
    public var service: ServiceName
    /// `YAML_CONFIG_FILE`
    public var configurationFile: String
    /// `GOLDCREST_LISTEN`
    public var listen: ListenAddress
    /// `GOLDCREST_ADMIN_LISTEN`, for the gateway; absent: no administration API.
    public var adminListen: ListenAddress?
    /// `GOLDCREST_COMPUTE_URL`, without a slash at its end.
    public var computeURL: String
    /// `GOLDCREST_FILESYSTEM_URL`, without a slash at its end.
    public var filesystemURL: String
    /// `GOLDCREST_TRANSFER_URL`, without a slash at its end.
    public var transferURL: String
    /// `DATABASE_URL`; always there for a service that uses the database. It may hold a password.
    public var databaseURL: Secret?
    /// `GOLDCREST_KEYS`: the folder with the keys of the call context.
    public var keysDirectory: String
    /// `LOG_LEVEL`
    public var logLevel: Logger.Level

    public init(
        service: ServiceName, configurationFile: String, listen: ListenAddress, adminListen: ListenAddress? = nil,
        computeURL: String = "http://127.0.0.1:5001", filesystemURL: String = "http://127.0.0.1:5002",
        transferURL: String = "http://127.0.0.1:5003", databaseURL: Secret? = nil, keysDirectory: String,
        logLevel: Logger.Level = .info
    ) {
        self.service = service
        self.configurationFile = configurationFile
        self.listen = listen
        self.adminListen = adminListen
        self.computeURL = computeURL
        self.filesystemURL = filesystemURL
        self.transferURL = transferURL
        self.databaseURL = databaseURL
        self.keysDirectory = keysDirectory
        self.logLevel = logLevel
    }
}
