public import ArgumentParser
public import GoldcrestConfiguration
public import Hummingbird
public import Logging

/// One of the five services: what its executable needs to know of it.
public protocol GoldcrestService: Sendable {
    associatedtype Responder: HTTPResponder where Responder.Context == APIRequestContext

    static var name: ServiceName { get }
    /// What it does, in one sentence for `--help`.
    static var abstract: String { get }

    /// Subcommands beside those that every service has.
    static var additionalCommands: [any ParsableCommand.Type] { get }

    /// Puts the parts of the service together, without starting any.
    ///
    /// - Throws: ``ConfigurationError`` or another error whose description tells the operator what to change.
    static func assemble(_ deployment: Deployment) throws -> ServiceAssembly<Responder>
}

extension GoldcrestService {
    public static var additionalCommands: [any ParsableCommand.Type] { [] }
}

/// What one running copy of a service is made from.
public struct Deployment: Sendable {
    /// Systems, users and storage: the FirecREST configuration.
    public let settings: Settings
    /// What only this deployment knows.
    public let environment: DeploymentEnvironment
    public let logger: Logger

    public init(settings: Settings, environment: DeploymentEnvironment, logger: Logger) {
        self.settings = settings
        self.environment = environment
        self.logger = logger
    }
}
