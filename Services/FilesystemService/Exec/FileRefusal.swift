import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore

extension RemoteResult {
    /// Standard output of a file operation that succeeded.
    ///
    /// - Throws: ``APIError`` 400 for a path of the wrong kind, otherwise ``RemoteCommandFailure``.
    func requireFileSuccess() throws -> ByteBuffer {
        try FileRefusal.rethrowing { try requireSuccess() }
    }
}

extension RemoteExit {
    /// - Throws: ``APIError`` 400 for a path of the wrong kind, otherwise ``RemoteCommandFailure``.
    func requireFileSuccess() throws {
        try FileRefusal.rethrowing { try requireSuccess() }
    }
}

/// What programs of the operating system say when a path is wrong for the operation: the caller's mistake.
private enum FileRefusal {
    private static let endings = [
        ": Is a directory", ": Not a directory", ": Too many levels of symbolic links", ": File name too long", ": Not a regular file",
        ": Invalid argument",
    ]

    static func rethrowing<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as RemoteCommandFailure where !failure.isTimeout && isRefusal(failure.words) {
            throw APIError(.badRequest, failure.message)
        }
    }

    /// At a line's end only: names inside the message may hold any words.
    private static func isRefusal(_ words: String) -> Bool {
        words.split(separator: "\n").contains { line in endings.contains { line.hasSuffix($0) } }
    }
}
