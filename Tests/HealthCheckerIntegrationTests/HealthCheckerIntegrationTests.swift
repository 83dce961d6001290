import ComputeService
import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestServicesHealth
import HealthChecker
import HTTPTypes
import Logging
import NIOCore
import PostgresTesting
import StackTesting
import Testing

@Suite("Health checks of a real system")
struct HealthCheckerIntegrationTests {
    struct TimedOut: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a health checker that looks at the stack's first system every second, and waits until what it found is as expected.
    private func expect(
        _ what: String, computeURL: String? = nil, changing change: @Sendable (inout Settings) throws -> Void = { _ in },
        in given: String? = nil,
        until isExpected: @escaping @Sendable ([ServiceHealth]) -> Bool
    ) async throws {
        guard let databaseURL = given else {
            return try await TestDatabase.withFreshSchema { url async throws in
                try await expect(what, computeURL: computeURL, changing: change, in: url, until: isExpected)
            }
        }
        let stack = try Stack()
        var settings = try Settings.load(from: try stack["YAML_CONFIG_FILE"]).settings
        let system = try stack["SYSTEM"].lowercased()
        settings.clusters.removeAll { $0.name != system }
        for index in settings.clusters.indices { settings.clusters[index].probing.interval = .seconds(1) }
        try change(&settings)
        var logger = Logger(label: "health-checker-tests")
        logger.logLevel = .critical
        let environment = DeploymentEnvironment(
            service: .healthChecker, configurationFile: try stack["YAML_CONFIG_FILE"], listen: ListenAddress(host: "127.0.0.1", port: 0),
            computeURL: try computeURL ?? stack["COMPUTE_URL"], filesystemURL: try stack["FILESYSTEM_URL"], databaseURL: Secret(databaseURL),
            keysDirectory: try stack["GOLDCREST_KEYS"])
        let assembly = try HealthChecker.assemble(Deployment(settings: settings, environment: environment, logger: logger))
        try await assembly.withRunningServer { [logger] _ in
            let pool = PostgresPool(url: databaseURL, maximumConnections: 1, logger: logger)
            let store = PostgresServicesHealthStore(pool: pool)
            let limit = ContinuousClock.now + .seconds(60)
            var found: [ServiceHealth] = []
            repeat {
                found = (try? await store.all().first?.services) ?? []
                if isExpected(found) { break }
                try await Task.sleep(for: .milliseconds(100))
            } while ContinuousClock.now < limit
            await pool.close()
            guard isExpected(found) else { throw TimedOut(description: "\(what): \(found)") }
        }
    }

    @Test("soon after the start every part that is configured has a healthy entry")
    func healthy() async throws {
        let stack = try Stack()
        let paths: Set<String?> = [try stack["HOME_ROOT"], try stack["SCRATCH"]]
        try await expect("all is healthy") { services in
            let types = services.map(\.serviceType)
            return Set(types) == [.ssh, .scheduler, .filesystem, .s3] && services.count == 5 && services.allSatisfy(\.healthy)
                && Set(services.filter { $0.serviceType == .filesystem }.map(\.path)) == paths
                && (services.first { $0.serviceType == .scheduler }?.nodes?.total ?? 0) >= 1
        }
    }

    @Test("a file system that is not there is unhealthy with the reason, and healthy once it is there")
    func missingFileSystem() async throws {
        let path = "\(try Stack()["SCRATCH"])/goldcrest-test-\(UInt64.random(in: .min ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let add: @Sendable (inout Settings) throws -> Void = {
            $0.clusters[0].fileSystems.append(.init(path: try AbsolutePath(normalising: path), dataType: .scratch))
        }
        try await TestDatabase.withFreshSchema { url async throws in
            try await expect("the file system is missed", changing: add, in: url) { services in
                services.contains { $0.path == path && !$0.healthy && $0.message?.contains("No such file") == true && $0.message?.contains("'") == false }
                    && services.contains { $0.path != path && $0.serviceType == .filesystem && $0.healthy }
            }
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            try await expect("the file system is back", changing: add, in: url) { $0.contains { $0.path == path && $0.healthy } }
        }
    }

    @Test("storage and services that are away are unhealthy with the reason, then healthy again")
    func away() async throws {
        try await TestDatabase.withFreshSchema { url async throws in
            try await expect(
                "storage and compute-service are missed", computeURL: "http://127.0.0.1:1",
                changing: { settings in
                    guard case .s3(var storage)? = settings.clusters[0].dataOperation.dataTransfer else { return }
                    storage.privateURL = Secret("http://127.0.0.1:1")
                    settings.clusters[0].dataOperation.dataTransfer = .s3(storage)
                }, in: url
            ) { services in
                let broken = services.filter { !$0.healthy }
                return Set(broken.map(\.serviceType)) == [.ssh, .scheduler, .s3] && broken.allSatisfy { $0.message?.isEmpty == false }
                    && services.contains { $0.serviceType == .filesystem && $0.healthy }
            }
            try await expect("all is back", in: url) { $0.count == 5 && $0.allSatisfy(\.healthy) }
        }
    }

    @Test("a login node that cannot be reached makes what goes through it unhealthy, and nothing else")
    func wrongPort() async throws {
        let stack = try Stack()
        var settings = try Settings.load(from: try stack["YAML_CONFIG_FILE"]).settings
        for index in settings.clusters.indices { settings.clusters[index].ssh.port = 1 }
        var logger = Logger(label: "health-checker-tests")
        logger.logLevel = .critical
        let environment = DeploymentEnvironment(
            service: .computeService, configurationFile: try stack["YAML_CONFIG_FILE"], listen: ListenAddress(host: "127.0.0.1", port: 0),
            keysDirectory: try stack["GOLDCREST_KEYS"])
        let computeService = try ComputeService.assemble(Deployment(settings: settings, environment: environment, logger: logger))
        try await computeService.withRunningServer { port in
            try await expect("the login node is missed", computeURL: "http://127.0.0.1:\(port)") { services in
                let broken = services.filter { !$0.healthy }
                return Set(broken.map(\.serviceType)) == [.ssh, .scheduler] && broken.allSatisfy { $0.message?.isEmpty == false } && services.count == 5
            }
        }
    }

    @Test("without a token for the service account all that needs it is unhealthy with the reason")
    func noToken() async throws {
        try await expect("the token is missed", changing: { $0.auth.authentication.tokenURL = "http://127.0.0.1:1/token" }) { services in
            let needing = services.filter { $0.serviceType != .s3 }
            return needing.count == 4 && needing.allSatisfy { !$0.healthy && $0.message?.contains("token endpoint") == true }
        }
    }

    @Test("the gateway shows every system of the stack healthy, whichever way its Slurm is reached")
    func gateway() async throws {
        let stack = try Stack()
        let client = HTTPClient(logger: Logger(label: "health-checker-tests"))
        let settings = try Settings.load(from: try stack["YAML_CONFIG_FILE"]).settings
        let system = try stack["SYSTEM"].lowercased()
        let token = try await ServiceAccounts(settings: settings, client: client).caller(on: system).token
        let base = try stack["BASE_URL"]
        func get(_ path: String) async throws -> JSONValue {
            let response = try await client.collect(
                HTTPClientRequest(method: .get, url: base + path, headerFields: [.authorization: "Bearer \(token)"]), upTo: 1 << 20, deadline: .seconds(20))
            #expect(response.head.status == .ok)
            return try JSONDecoder().decode(JSONValue.self, from: Data(response.body.readableBytesView))
        }
        for system in try stack.slurmSystems {
            try await eventually(within: .seconds(90), "\(system) is healthy") {
                guard case .object(let answer) = try await get("/status/systems"), case .array(let systems)? = answer["systems"],
                    let entry = systems.first(where: { $0["name"] == .string(system.lowercased()) }),
                    case .array(let services)? = entry["servicesHealth"]
                else { return false }
                return services.count == 5 && services.allSatisfy { $0["healthy"] == .bool(true) }
            }
        }
        guard case .object(let liveness) = try await get("/status/liveness"), case .object(let runs)? = liveness["healthcheckRuns"] else {
            Issue.record("no runs in /status/liveness")
            return
        }
        for system in try stack.slurmSystems { #expect(runs[system.lowercased()] != nil) }
        await client.shutdown()
    }
}

extension JSONValue {
    fileprivate subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }
}
