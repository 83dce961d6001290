public import NIOCore

/// What a remote command left behind when it ended.
public struct RemoteResult: Sendable {
    /// The exit status, unless a signal ended the command.
    public var exitStatus: Int?
    /// The name of the signal that ended the command, without `SIG`: RFC 4254, section 6.10.
    public var exitSignal: String?
    public var standardOutput: ByteBuffer
    /// The first 64 KiB of standard error.
    public var standardError: ByteBuffer
    /// Whether `timeout` watched over the command, which gives the statuses 124 and 137 their meaning.
    var wasLimited: Bool

    public init(
        exitStatus: Int?, exitSignal: String? = nil, standardOutput: ByteBuffer = ByteBuffer(), standardError: ByteBuffer = ByteBuffer(),
        wasLimited: Bool = false
    ) {
        self.exitStatus = exitStatus
        self.exitSignal = exitSignal
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.wasLimited = wasLimited
    }

    /// Whether the command ended by itself with status 0.
    public var isSuccess: Bool { exitStatus == 0 && exitSignal == nil }

    /// Standard output of a command that succeeded.
    ///
    /// - Throws: ``RemoteCommandFailure`` if the command ended in any other way.
    public func requireSuccess() throws -> ByteBuffer {
        guard isSuccess else { throw RemoteCommandFailure(self) }
        return standardOutput
    }

    /// The outputs of the commands of a `RemoteCommand.sequence(_:separatedBy:)`, each with its own exit status.
    public func parts(separatedBy marker: String) -> [RemoteResult] {
        let line = [UInt8]("\n\(marker) ".utf8)
        let bytes = standardOutput.readableBytesView
        var parts: [RemoteResult] = []
        var start = bytes.startIndex
        while let separator = bytes[start...].firstRange(of: line) {
            guard let end = bytes[separator.upperBound...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            let status = Int(String(decoding: bytes[separator.upperBound..<end], as: UTF8.self))
            var part = self
            part.exitStatus = status
            part.exitSignal = nil
            part.standardOutput = ByteBuffer(bytes: bytes[start..<separator.lowerBound])
            parts.append(part)
            start = bytes.index(after: end)
        }
        return parts
    }
}

extension ByteBufferView {
    fileprivate func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        guard let first = pattern.first else { return nil }
        var from = startIndex
        while let candidate = self[from...].firstIndex(of: first) {
            if self[candidate...].starts(with: pattern) { return candidate..<(candidate + pattern.count) }
            from = candidate + 1
        }
        return nil
    }
}
