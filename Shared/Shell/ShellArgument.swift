public import GoldcrestProtocol

/// What can be an argument of a command: any bytes but NUL. File names need not be text.
public protocol ShellArgument: Sendable {
    var shellBytes: [UInt8] { get }
}

extension String: ShellArgument {
    public var shellBytes: [UInt8] { Array(utf8) }
}

extension [UInt8]: ShellArgument {
    public var shellBytes: [UInt8] { self }
}

extension AbsolutePath: ShellArgument {
    public var shellBytes: [UInt8] { bytes }
}
