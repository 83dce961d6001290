public import ArgumentParser
import GoldcrestConfiguration

/// The command line that every service has: `serve` (the default), `check-config`, and what it adds itself.
public struct ServiceCommand<Service: GoldcrestService>: AsyncParsableCommand {
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Service.name.rawValue,
            abstract: Service.abstract,
            discussion: """
                Systems, users and storage are described by the FirecREST configuration that YAML_CONFIG_FILE names. What only \
                this deployment knows comes from the environment:

                  YAML_CONFIG_FILE         the FirecREST configuration (required)
                  GOLDCREST_KEYS           folder with the call-context keys (required; `auth-gateway keygen DIR` makes them)
                  GOLDCREST_LISTEN         host:port to listen on (default 127.0.0.1:\(Service.name.defaultPort))
                  GOLDCREST_COMPUTE_URL, GOLDCREST_FILESYSTEM_URL, GOLDCREST_TRANSFER_URL
                                           where the other services are
                  DATABASE_URL             postgresql://user:password@host:port/name (gateway, transfer-service, health-checker)
                  LOG_LEVEL                trace, debug, info, notice, warning, error or critical (default info)
                """,
            version: "\(Service.name.rawValue) \(GoldcrestVersion.current)",
            subcommands: [ServeCommand<Service>.self, CheckConfigurationCommand<Service>.self] + Service.additionalCommands,
            defaultSubcommand: ServeCommand<Service>.self)
    }

    public init() {}
}
