/// A command for the shell of a remote system. It is the only maker of shell text: whatever goes in as an argument comes out as exactly
/// that argument, whichever characters it has.
///
/// ```swift
/// RemoteCommand("ls", "-l", "--", path).environment("LC_ALL", "C").limited(to: .seconds(5))
/// // LC_ALL=C timeout -k 1 5 ls -l -- '/home/it'\''s mine'
/// ```
///
/// The text is meant for POSIX shells (`sh`, `bash`, `dash`, `zsh`, `ksh`): sshd gives it to the user's login shell, a scheduler to the shell of a job script.
public struct RemoteCommand: Sendable, Hashable {
    indirect enum Form: Sendable, Hashable {
        case program([[UInt8]])
        /// Each command in turn, whatever the ones before said; after each a line of its own with the marker and the exit status.
        case sequence([RemoteCommand], marker: String)
        /// Each command only if the one before succeeded.
        case conjunction([RemoteCommand])
        case pipeline([RemoteCommand])
        case inDirectory([UInt8], RemoteCommand)
    }

    struct Variable: Sendable, Hashable {
        var name: String
        var value: String
    }

    var form: Form
    var variables: [Variable] = []
    /// How long the far side lets the command run, if it is limited there.
    public private(set) var limit: Duration?

    init(form: Form) {
        self.form = form
    }

    public init(_ program: String, _ arguments: any ShellArgument...) {
        self.init(program, arguments: arguments)
    }

    public init(_ program: String, arguments: [any ShellArgument]) {
        self.init(form: .program([program.shellBytes] + arguments.map(\.shellBytes)))
    }

    /// The same command with more arguments. Commands made of several are left as they are.
    public func appending(_ arguments: any ShellArgument...) -> RemoteCommand {
        appending(contentsOf: arguments)
    }

    /// The same command with more arguments. Commands made of several are left as they are.
    public func appending(contentsOf arguments: [any ShellArgument]) -> RemoteCommand {
        guard case .program(let words) = form else { return self }
        var command = self
        command.form = .program(words + arguments.map(\.shellBytes))
        return command
    }

    /// The same command with a variable in its environment.
    public func environment(_ name: String, _ value: String) -> RemoteCommand {
        var command = self
        command.variables.removeAll { $0.name == name }
        command.variables.append(Variable(name: name, value: value))
        return command
    }

    /// The same command, ended by the far side's `timeout` (GNU coreutils) after `duration`: first by SIGTERM (exit status 124), one
    /// second later by SIGKILL (137).
    public func limited(to duration: Duration) -> RemoteCommand {
        var command = self
        command.limit = duration
        return command
    }

    /// The same command, run in a directory; it is not run at all when the directory cannot be entered.
    public func inDirectory(_ path: any ShellArgument) -> RemoteCommand {
        RemoteCommand(form: .inDirectory(path.shellBytes, self))
    }

    /// Runs commands one after the other, whatever each says, in one exec. Behind the output of each comes a line of its own,
    /// `marker status`; `RemoteResult.parts(separatedBy:)` of GoldcrestSSH takes the output apart again.
    ///
    /// - Parameter marker: A text that none of the commands prints as a line's beginning, best with random letters.
    public static func sequence(_ commands: [RemoteCommand], separatedBy marker: String) -> RemoteCommand {
        RemoteCommand(form: .sequence(commands, marker: marker))
    }

    /// Runs commands one after the other, each only if the one before succeeded.
    public static func allOf(_ commands: [RemoteCommand]) -> RemoteCommand {
        RemoteCommand(form: .conjunction(commands))
    }

    /// Runs commands at once, the output of each being the input of the next. The exit status is that of the last.
    public static func pipeline(_ commands: [RemoteCommand]) -> RemoteCommand {
        RemoteCommand(form: .pipeline(commands))
    }
}
