import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A child process of the tests.
///
/// Foundation's `Process` will not do: it takes the closing of an inherited descriptor for the end of the child, and sshd closes all.
final class SpawnedProcess: Sendable {
    let id: pid_t
    private let status = Mutex<Int32?>(nil)

    init(_ program: String, _ arguments: [String]) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        guard posix_spawn(&id, program, &actions, nil, words, environ) == 0 else { throw ServerError(description: "\(program) does not start") }
        self.id = id
    }

    /// Whether the process has not ended yet.
    var isRunning: Bool { exitStatus(WNOHANG) == nil }

    func waitForExit() -> Int32 { exitStatus(0) ?? -1 }

    /// Ends the process and waits for its end.
    func terminate() {
        kill(id, SIGKILL)
        _ = waitForExit()
    }

    private func exitStatus(_ options: Int32) -> Int32? {
        status.withLock { status in
            if status == nil {
                var raw: Int32 = 0
                if waitpid(id, &raw, options) == id { status = raw }
            }
            return status
        }
    }
}
