/// The server's answer to a request that it did not carry out: draft-ietf-secsh-filexfer-02, section 7.
public struct SFTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        case endOfFile
        case noSuchFile
        case permissionDenied
        /// Anything without a code of its own: OpenSSH answers so when a file exists already, a directory is not empty, a disk is full …
        case failure
        case badMessage
        case noConnection
        case connectionLost
        /// The server does not know the request.
        case unsupported
        case other(UInt32)

        init(_ number: UInt32) {
            self =
                switch number {
                case 1: .endOfFile
                case 2: .noSuchFile
                case 3: .permissionDenied
                case 4: .failure
                case 5: .badMessage
                case 6: .noConnection
                case 7: .connectionLost
                case 8: .unsupported
                default: .other(number)
                }
        }
    }

    public var code: Code
    /// The server's words, at most 1 KiB, bytes that are not UTF-8 replaced by U+FFFD.
    public var message: String

    public init(_ code: Code, _ message: String = "") {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code): \(message)" }
}
