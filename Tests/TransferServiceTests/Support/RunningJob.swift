import Foundation
import GoldcrestConfiguration
import Synchronization

@testable import TransferService

/// A transfer's job on this machine: its script runs from a file, as a scheduler runs it, with its output in logs.
final class RunningJob: Sendable {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    struct StillRunning: Error {
        let output: String
        let errors: String
    }

    /// The batch shell's.
    let processID: pid_t
    private let status = Mutex<Int32?>(nil)
    private let folder: URL

    /// Its script and its logs are in a folder that lies beside the test's and goes with the job's end.
    init(_ work: TransferJobWork, taskID: UUID = UUID(), environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-job-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = try TransferJobScript(taskID: taskID, scheduler: .slurm, directives: [], work: work).text()
        try Data(script.utf8).write(to: folder.appending(path: "script"))
        processID = try Self.spawn(
            "/usr/bin/env", ["--chdir=\(folder.path())", "/bin/bash", folder.appending(path: "script").path()], in: folder,
            environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"].merging(environment) { $1 })
    }

    /// Not by Foundation's `Process`: that hands down the signals that are blocked on a thread of Dispatch, which are nearly all, and takes a child's
    /// children for the child.
    private static func spawn(_ program: String, _ arguments: [String], in folder: URL, environment: [String: String]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.appending(path: "output").path(), O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.appending(path: "errors").path(), O_WRONLY | O_CREAT, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t(), all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var id: pid_t = 0
        let failure = posix_spawn(&id, program, &actions, &attributes, words, variables)
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
        return id
    }

    /// Runs a job to its end.
    static func run(_ work: TransferJobWork, taskID: UUID = UUID(), environment: [String: String] = [:]) async throws -> Result {
        try await RunningJob(work, taskID: taskID, environment: environment).end()
    }

    /// What a shell would call its exit status; nil while it runs.
    private var exitStatus: Int32? {
        status.withLock { status in
            var raw: Int32 = 0
            if status == nil, waitpid(processID, &raw, WNOHANG) == processID {
                status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + (raw & 0x7F)
            }
            return status
        }
    }

    var output: String { text("output") }
    var errors: String { text("errors") }

    private func text(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: folder.appending(path: name))) ?? Data(), as: UTF8.self)
    }

    /// Waits until something stands in the output.
    func waitForOutput(_ text: String, within limit: Duration = .seconds(30)) async throws {
        let deadline = ContinuousClock.now + limit
        while !output.contains(text) {
            guard exitStatus == nil, ContinuousClock.now < deadline else { throw StillRunning(output: output, errors: errors) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits for the job's end; when the time is over it is killed.
    func end(within limit: Duration = .seconds(60)) async throws -> Result {
        defer { try? FileManager.default.removeItem(at: folder) }
        let deadline = ContinuousClock.now + limit
        while true {
            if let exitStatus { return Result(status: exitStatus, output: output, errors: errors) }
            guard ContinuousClock.now < deadline else {
                kill(processID, SIGTERM)
                throw StillRunning(output: output, errors: errors)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
