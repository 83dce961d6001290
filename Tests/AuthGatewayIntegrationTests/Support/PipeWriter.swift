import Glibc

/// The writing end of a named pipe.
final class PipeWriter: Sendable {
    private let descriptor: Int32

    /// - Returns: `nil` while nobody reads from the pipe.
    init?(_ path: String) {
        // Writing to a pipe that nobody reads any more is an error, not the end of the tests.
        signal(SIGPIPE, SIG_IGN)
        descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Returns: Whether somebody still reads.
    func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.write(descriptor, bytes, bytes.count) >= 0 || errno == EAGAIN
    }
}
