import Foundation
import GoldcrestHTTPClient
import HTTPTypes
import StackTesting

/// A transfer-service in a process of its own, to be killed.
actor TransferProcess {
    nonisolated let url: String
    private let client: HTTPClient
    private let process: Process
    private let input = Pipe()
    private let exit: AsyncStream<Void>

    /// Starts the service, with the stack's configuration.
    ///
    /// - Parameter others: The URL of what stands for compute-service and filesystem-service.
    static func start(databaseURL: String, others: String, client: HTTPClient) async throws -> TransferProcess {
        let stack = try Stack()
        let port = try FreePort.find()
        let service = try TransferProcess(
            port: port, client: client,
            environment: [
                "YAML_CONFIG_FILE": stack["YAML_CONFIG_FILE"], "GOLDCREST_LISTEN": "127.0.0.1:\(port)", "GOLDCREST_KEYS": stack["GOLDCREST_KEYS"],
                "GOLDCREST_COMPUTE_URL": others, "GOLDCREST_FILESYSTEM_URL": others, "DATABASE_URL": databaseURL, "LOG_LEVEL": "critical",
            ])
        try await eventually(within: .seconds(60), "\(service.url) is ready") { await service.isAlive("ready") }
        return service
    }

    private init(port: Int, client: HTTPClient, environment: [String: String]) throws {
        url = "http://127.0.0.1:\(port)"
        self.client = client
        let (exit, hasEnded) = AsyncStream<Void>.makeStream()
        self.exit = exit
        // The executable stands beside the tests. A shell kills it when its own input ends, which a crash of the tests does as well. It cannot wait
        // for it: that needs SIGCHLD, which the threads that start the shell have blocked.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", #"exec 3<&0; "$0" serve </dev/null 3<&- & read line <&3; kill -KILL "$!""#,
            URL(filePath: tests).deletingLastPathComponent().appending(path: "transfer-service").path(percentEncoded: false),
        ]
        process.environment = environment
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.terminationHandler = { _ in hasEnded.finish() }
        try process.run()
    }

    /// SIGKILL. When this returns the process is dead: its port is closed.
    func kill() async throws {
        try input.fileHandleForWriting.close()
        for await _ in exit {}
        try await eventually("\(url) is dead") { await !isAlive("live") }
    }

    private func isAlive(_ kind: String) async -> Bool {
        let answer = try? await client.answer(to: HTTPClientRequest(method: .get, url: "\(url)/health/\(kind)"), deadline: .seconds(5))
        return answer?.status == .ok
    }
}
