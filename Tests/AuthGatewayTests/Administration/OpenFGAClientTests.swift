@testable import AuthGateway
import Foundation
import PostgresTesting
import PyPITesting
import Testing

@Suite("OpenFGA's client for Python")
struct OpenFGAClientTests {
    @Test("does all that its documentation says, on two gateways with one database")
    func documentedCalls() async throws {
        let environment = try await PythonEnvironment.named("openfga-sdk", packages: "openfga-sdk>=0.10.5")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Clients/openfga-sdk.py").path()
        try await TestDatabase.withFreshSchema { url in
            try await TestAdministration.run(on: url) { first in
                try await TestAdministration.run(on: url) { second in
                    let client = try ToolProcess(
                        environment.python, [script],
                        environment: [
                            "ADMINISTRATION_URLS": "http://127.0.0.1:\(first.port) http://127.0.0.1:\(second.port)",
                            "ADMINISTRATION_TOKEN": TestAdministration.token,
                        ])
                    let (status, output) = try await client.end(within: .seconds(120))
                    #expect(status == 0, "\(output)")
                }
            }
        }
    }
}
