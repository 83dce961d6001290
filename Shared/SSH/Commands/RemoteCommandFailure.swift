public import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// A remote command ended with something else than status 0.
public struct RemoteCommandFailure: Error, Sendable, CustomStringConvertible {
    /// The exit status; 128 and the signal's number if a signal ended the command, as shells report it.
    public let exitStatus: Int
    /// What the command said on standard error, at most 4 KiB, bytes that are not UTF-8 replaced by U+FFFD.
    public let words: String
    /// Whether `timeout` ended the command.
    public let isTimeout: Bool

    public init(_ result: RemoteResult) {
        let status = result.exitStatus ?? 128 + (Self.signalNumbers[result.exitSignal ?? ""] ?? 0)
        exitStatus = status
        let words = String(decoding: result.standardError.readableBytesView.prefix(4096), as: UTF8.self).trimmingWhitespace()
        // As a shell says it; who is killed says nothing.
        self.words = words.isEmpty && status == 137 ? "Killed" : words
        isTimeout = status == 124 || (result.wasLimited && status == 137)
    }

    /// The failure as FirecREST words it.
    public var message: String {
        "Remote process failed with exit status:\(exitStatus) and error message:\(words)"
    }

    public var description: String { message }

    private static let signalNumbers = ["HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "FPE": 8, "KILL": 9, "SEGV": 11, "PIPE": 13, "ALRM": 14, "TERM": 15]
}

extension RemoteCommandFailure: APIErrorConvertible {
    public var apiError: APIError {
        APIError(status, message)
    }

    /// The meaning of the words, which the command says in English: run it with `LC_ALL=C`.
    private var status: HTTPResponse.Status {
        if isTimeout { return .requestTimeout }
        let text = words.lowercased()
        for (phrase, status) in Self.meanings where text.contains(phrase) { return status }
        return .internalServerError
    }

    private static let meanings: [(String, HTTPResponse.Status)] = [
        ("no such file or directory", .notFound),
        ("permission denied", .forbidden),
        ("operation not permitted", .forbidden),
        ("file exists", .badRequest),
        ("invalid user", .badRequest),
        ("invalid group", .badRequest),
    ]
}

extension String {
    fileprivate func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
