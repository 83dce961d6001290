import ArgumentParser
import GoldcrestConfiguration

/// Validates the configuration and says what the service would do with it.
struct CheckConfigurationCommand<Service: GoldcrestService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check-config",
            abstract: "Validate the configuration and the environment, say what the service would do, and exit.",
            discussion: "Exits with 0 if the service would start, otherwise with 1 after naming every problem.")
    }

    func run() async throws {
        let deployment = try Deployment.load(for: Service.name)
        // Assembling finds what only the service itself can know, such as a missing key.
        _ = try Service.assemble(deployment)
        print("\(Service.name.rawValue): the configuration is valid")
        print("listens on \(deployment.environment.listen)")
        for line in deployment.settings.summary { print(line) }
    }
}
