/// Why the keys of call contexts could not be read or made.
public struct CallContextKeyError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case unreadable
            case unsafePermissions
            case invalidKey
            case noKeys
            case unwritable
        }

        private let kind: Kind

        /// The file is missing or cannot be read.
        public static let unreadable = Code(kind: .unreadable)
        /// Others could read a private key, or change a public one.
        public static let unsafePermissions = Code(kind: .unsafePermissions)
        /// The file holds no key of the wanted kind.
        public static let invalidKey = Code(kind: .invalidKey)
        /// The folder has no public key at all.
        public static let noKeys = Code(kind: .noKeys)
        public static let unwritable = Code(kind: .unwritable)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    /// Names the file, what is wrong and what to do.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
