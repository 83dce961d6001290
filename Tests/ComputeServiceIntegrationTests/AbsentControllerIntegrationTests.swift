import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import Logging
import NIOCore
import StackTesting
import Testing

@testable import ComputeService

/// Slurm's real commands with a configuration that sends them to a controller which is not there.
@Suite("a controller that is away")
struct AbsentControllerIntegrationTests {
    static let systems = ComputeFixture.systems.filter { !$0.hasSuffix("-rest") && !$0.hasSuffix("-hybrid") }

    @Test("what only the controller can do is 503 in Slurm's words; of jobs those are told that accounting knows", arguments: systems)
    func absent(_ system: String) async throws {
        // The commands try for nine seconds.
        try await withCommands(of: system, timeout: .seconds(30)) { slurm, user in
            let job = try JobID("1")
            let submission = JobSubmission(script: .text("#!/bin/sh\n"), workingDirectory: try AbsolutePath(normalising: "/tmp"))
            let operations: [@Sendable () async throws -> Void] = [
                { _ = try await slurm.submit(submission, as: user) },
                { try await slurm.cancel(job, as: user) },
                { try await slurm.change(job, by: .hold, as: user) },
                { _ = try await slurm.nodes(as: user) },
                { _ = try await slurm.partitions(includesHidden: false, as: user) },
                { _ = try await slurm.reservations(as: user) },
                { _ = try await slurm.metadata(of: job, as: user) },
                { _ = try await slurm.probe(as: user) },
            ]
            try await withThrowingTaskGroup { group in
                for operation in operations {
                    group.addTask {
                        let refusal = await refusal(operation)
                        #expect(refusal?.status == .serviceUnavailable, "\(String(describing: refusal))")
                    }
                }
                group.addTask {
                    let jobs = try await slurm.jobs(JobQuery(), as: user)
                    #expect(jobs.allSatisfy { $0.user == user.name })
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a controller for which there is no time to wait is 504", arguments: systems)
    func late(_ system: String) async throws {
        try await withCommands(of: system, timeout: .seconds(2)) { slurm, user in
            let refusal = await refusal { _ = try await slurm.nodes(as: user) }
            #expect(refusal?.status == .gatewayTimeout, "\(String(describing: refusal))")
        }
    }

    /// How a client is told of what an operation throws.
    private func refusal(_ operation: @Sendable () async throws -> Void) async -> APIError? {
        do {
            try await operation()
            return nil
        } catch {
            return (error as? any APIErrorConvertible)?.apiError
        }
    }

    private func withCommands(
        of system: String, timeout: Duration, _ body: @Sendable (SlurmCLI, SchedulerUser) async throws -> Void
    ) async throws {
        let stack = try Stack()
        let configuration = try Elsewhere(of: try stack.cluster(of: system)["SLURM_CONF"])
        defer { configuration.remove() }
        let logger = Logger(label: "absent-controller-tests", factory: { _ in SwiftLogNoOpLogHandler() })
        let settings = try Settings.load(from: try stack["YAML_CONFIG_FILE"]).settings
        let client = HTTPClient(logger: logger)
        let pools = SSHPools(settings: settings, httpClient: client, logger: logger)
        let pool = try #require(pools[system])
        let shell = ElsewhereShell(pool: pool, configuration: configuration.path)
        try await body(SlurmCLI(shell: shell, timeout: timeout, logger: logger), SchedulerUser(name: try stack["FIREUSER"], token: ""))
        await pools.shutdown()
        await client.shutdown()
    }
}

/// A copy of a Slurm configuration in which the controller listens on a port where nobody does.
private struct Elsewhere {
    let path = "/tmp/goldcrest-slurm-\(UInt64.random(in: .min ... .max)).conf"

    init(of original: String) throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: original)), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0.hasPrefix("SlurmctldPort=") ? "SlurmctldPort=9" : $0 }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Runs commands with that configuration.
private struct ElsewhereShell: RemoteShell {
    let pool: SSHPool
    let configuration: String

    func run(
        _ command: RemoteCommand, as user: SSHUser, input: ByteBuffer?, outputLimit: Int, timeout: Duration?
    ) async throws -> RemoteResult {
        try await pool.run(
            command.environment("SLURM_CONF", configuration), as: user, input: input, outputLimit: outputLimit, timeout: timeout)
    }
}
