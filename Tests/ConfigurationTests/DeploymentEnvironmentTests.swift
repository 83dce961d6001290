import GoldcrestConfiguration
import Logging
import Testing

@Suite("The environment of a deployment")
struct DeploymentEnvironmentTests {
    @Test("a service that keeps nothing needs only the configuration and the keys")
    func minimal() throws {
        let environment = try DeploymentEnvironment(["YAML_CONFIG_FILE": "f.yaml", "GOLDCREST_KEYS": "/keys"], for: .computeService)
        #expect(environment == DeploymentEnvironment(
            service: .computeService, configurationFile: "f.yaml", listen: ListenAddress(host: "127.0.0.1", port: 5001), keysDirectory: "/keys"))
    }

    @Test("every variable arrives")
    func everything() throws {
        let environment = try DeploymentEnvironment(
            [
                "YAML_CONFIG_FILE": "f.yaml", "GOLDCREST_KEYS": "/keys", "GOLDCREST_LISTEN": "[::1]:5000", "GOLDCREST_ADMIN_LISTEN": "0.0.0.0:9",
                "GOLDCREST_COMPUTE_URL": "http://c:1/", "GOLDCREST_FILESYSTEM_URL": "https://f", "GOLDCREST_TRANSFER_URL": "http://[::1]:3",
                "DATABASE_URL": "postgresql://u:hush@h:5432/n", "LOG_LEVEL": "Debug", "PATH": "/bin",
            ], for: .authGateway)
        #expect(environment == DeploymentEnvironment(
            service: .authGateway, configurationFile: "f.yaml", listen: ListenAddress(host: "::1", port: 5000),
            adminListen: ListenAddress(host: "0.0.0.0", port: 9), computeURL: "http://c:1", filesystemURL: "https://f",
            transferURL: "http://[::1]:3", databaseURL: Secret("postgresql://u:hush@h:5432/n"), keysDirectory: "/keys", logLevel: .debug))
        #expect(!"\(environment)".contains("hush"))
        #expect(environment.listen.description == "[::1]:5000")
    }

    @Test("the services that keep something need the database", arguments: ServiceName.allCases)
    func database(service: ServiceName) {
        let needed: Set<ServiceName> = [.authGateway, .transferService, .healthChecker]
        do {
            _ = try DeploymentEnvironment(["YAML_CONFIG_FILE": "f", "GOLDCREST_KEYS": "k"], for: service)
            #expect(!needed.contains(service))
        } catch {
            #expect(needed.contains(service))
            #expect(error.problems.map(\.path) == ["DATABASE_URL"])
        }
    }

    @Test("all problems are told at once and without passwords")
    func problems() {
        do {
            _ = try DeploymentEnvironment(
                [
                    "GOLDCREST_KEYS": "", "GOLDCREST_LISTEN": "5000", "GOLDCREST_ADMIN_LISTEN": "::1:5", "GOLDCREST_COMPUTE_URL": "http://u:hush@",
                    "DATABASE_URL": "mysql://u:hush@h/n", "LOG_LEVEL": "loud",
                ], for: .authGateway)
            Issue.record("The environment was accepted")
        } catch {
            #expect(error.problems.map(\.path) == [
                "YAML_CONFIG_FILE", "GOLDCREST_LISTEN", "GOLDCREST_ADMIN_LISTEN", "GOLDCREST_COMPUTE_URL", "DATABASE_URL", "GOLDCREST_KEYS",
                "LOG_LEVEL",
            ])
            #expect(!"\(error)".contains("hush"))
        }
    }

    @Test("addresses that are none", arguments: ["", ":1", "h", "h:", "h:65536", "h:-1", "h:+1", "h: 1", "[::1]", "[::1]:", "::1:80", "[h]:1", "a b:1", "http://h:1", "h:1:2"])
    func addresses(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("ports of the services differ")
    func ports() {
        #expect(ServiceName.allCases.map(\.defaultPort) == [5000, 5001, 5002, 5003, 5004])
    }
}
