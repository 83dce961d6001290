import FoundationEssentials
import GoldcrestConfiguration
import Logging
import Synchronization

extension Deployment {
    /// Reads the environment and the configuration that it names, and sets the process's log up.
    ///
    /// - Throws: ``ConfigurationError`` with every problem that was found.
    static func load(for service: ServiceName) throws -> Deployment {
        let environment = try DeploymentEnvironment(ProcessInfo.processInfo.environment, for: service)
        LoggingSetup.once(service: service, level: environment.logLevel)
        let logger = Logger(label: service.rawValue)
        let loaded = try Settings.load(from: environment.configurationFile)
        for warning in loaded.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
        return Deployment(settings: loaded.settings, environment: environment, logger: logger)
    }
}

/// swift-log takes its handlers once per process.
enum LoggingSetup {
    private static let done = Mutex(false)

    static func once(service: ServiceName, level: Logger.Level) {
        done.withLock { done in
            if done { return }
            done = true
            LoggingSystem.bootstrap { _ in JSONLogHandler(service: service.rawValue, level: level) }
        }
    }
}
