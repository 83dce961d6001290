import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore

extension RemoteResult {
    /// Standard output of a file operation that succeeded.
    ///
    /// - Throws: ``APIError`` for a path of the wrong kind and for what a script refuses, otherwise ``RemoteCommandFailure``.
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
    private static let endings: [(ending: String, status: HTTPResponse.Status)] = [
        (": Is a directory", .badRequest), (": Not a directory", .badRequest), (": Too many levels of symbolic links", .badRequest),
        (": File name too long", .badRequest), (": Not a regular file", .badRequest), (": Invalid argument", .badRequest), (": No such device or address", .badRequest),
        (": Directory not empty", .badRequest), (" are the same file", .badRequest), (" with non-directory", .badRequest),
        (": No such file or directory", .notFound), (": Permission denied", .forbidden), (": Operation not permitted", .forbidden),
        // dash, of what it is to write to or read from and somebody has removed.
        (": Directory nonexistent", .notFound), (": No such file", .notFound),
    ]

    /// A line's first words, and what comes behind the name that follows them, with which status.
    private static let beginnings: [(beginning: String, next: String, status: HTTPResponse.Status)] = [
        ("cp: cannot overwrite non-directory '", "' with directory '", .badRequest),
        ("cp: not writing through dangling symlink '", "'", .badRequest),
        ("cp: cannot copy a directory, '", "', into itself, '", .badRequest),
        ("mv: cannot overwrite non-directory '", "' with directory '", .badRequest),
        ("mv: cannot move '", "' to a subdirectory of itself, '", .badRequest),
        ("find: File system loop detected; '", "' is part of the same file system loop as '", .badRequest),
        ("chmod: cannot operate on dangling symlink '", "'", .notFound),
    ]

    static func rethrowing<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as RemoteCommandFailure {
            if let error = ScriptRefusal.error(of: failure) { throw error }
            guard !failure.isTimeout, let status = status(of: failure.words) else { throw failure }
            throw APIError(status, failure.message)
        }
    }

    /// Of several complaints the first is the cause. At a line's end or beginning only: names inside the message may hold any words.
    private static func status(of words: String) -> HTTPResponse.Status? {
        for line in words.split(separator: "\n") {
            if let (_, status) = endings.first(where: { line.hasSuffix($0.ending) }) { return status }
            for (beginning, next, status) in beginnings where line.hasPrefix(beginning) && line.contains(next) { return status }
        }
        return nil
    }
}
