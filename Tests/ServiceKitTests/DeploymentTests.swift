import GoldcrestConfiguration
import Testing

@testable import GoldcrestServiceKit

@Suite("Reading a deployment")
struct DeploymentTests {
    @Test("tells what is wrong with the environment and with the file that it names in one go")
    func allProblems() {
        let variables = ["YAML_CONFIG_FILE": "/does/not/exist.yaml", "GOLDCREST_LISTEN": "nowhere", "LOG_LEVEL": "loud"]
        let error = #expect(throws: ConfigurationError.self) { try Deployment.read(variables, for: .authGateway) }
        let paths = Set(error?.problems.map(\.path) ?? [])
        #expect(paths.isSuperset(of: ["GOLDCREST_LISTEN", "LOG_LEVEL", "DATABASE_URL", "GOLDCREST_KEYS", "/does/not/exist.yaml"]))
    }

    @Test("never shows the password of the database")
    func noPassword() {
        let variables = ["DATABASE_URL": "nonsense://user:hunter2@host", "YAML_CONFIG_FILE": "/does/not/exist.yaml"]
        let error = #expect(throws: ConfigurationError.self) { try Deployment.read(variables, for: .transferService) }
        #expect(error.map { !"\($0)".contains("hunter2") } == true)
    }
}
