import FoundationEssentials
import GoldcrestConfiguration
import Logging
import Synchronization

extension Deployment {
    /// Reads the environment and the configuration that it names, and sets the process's log up.
    ///
    /// - Throws: ``ConfigurationError`` with every problem of both.
    static func load(for service: ServiceName) throws -> Deployment {
        let (environment, loaded) = try read(ProcessInfo.processInfo.environment, for: service)
        LoggingSetup.once(service: service, level: environment.logLevel)
        let logger = Logger(label: service.rawValue)
        for warning in loaded.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
        if loaded.settings.logger.enableTracingLog {
            logger.warning(
                "configuration", metadata: ["warning": "logger.enable_tracing_log: has no effect in this version; LOG_LEVEL=debug shows more"])
        }
        return Deployment(settings: loaded.settings, environment: environment, logger: logger)
    }

    /// - Throws: ``ConfigurationError``: what is wrong with the file is told also when the environment is wrong, as long as it names the file.
    static func read(
        _ variables: [String: String], for service: ServiceName
    ) throws(ConfigurationError) -> (DeploymentEnvironment, Settings.Loaded) {
        var problems: [ConfigurationError.Problem] = []
        var environment: DeploymentEnvironment?
        var loaded: Settings.Loaded?
        do {
            environment = try DeploymentEnvironment(variables, for: service)
        } catch {
            problems += error.problems
        }
        if let file = environment?.configurationFile ?? variables["YAML_CONFIG_FILE"], !file.isEmpty {
            do {
                loaded = try Settings.load(from: file)
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty, let environment, let loaded else { throw ConfigurationError(problems: problems) }
        return (environment, loaded)
    }
}

/// swift-log takes its handlers once per process.
private enum LoggingSetup {
    private static let done = Mutex(false)

    static func once(service: ServiceName, level: Logger.Level) {
        done.withLock { done in
            if done { return }
            done = true
            LoggingSystem.bootstrap { _ in JSONLogHandler(service: service.rawValue, level: level) }
        }
    }
}
