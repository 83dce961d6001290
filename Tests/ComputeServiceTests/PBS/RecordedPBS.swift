import Foundation
import GoldcrestSSH
import Logging
import NIOCore

@testable import ComputeService

/// Recorded outputs of real OpenPBS commands, in `Fixtures/openpbs-23.06`: `NAME.command` was run, and printed `NAME.stdout` and `NAME.stderr`.
enum RecordedPBS {
    static let user = SSHUser(name: "fireuser", token: "")

    static func output(_ name: String) throws -> ByteBuffer {
        try Fixture.bytes("openpbs-23.06/\(name).stdout")
    }

    static func text(_ name: String, _ part: String) -> String {
        (try? Fixture.bytes("openpbs-23.06/\(name).\(part)")).map { String(buffer: $0) } ?? ""
    }

    /// A script that prints what was recorded, if it is called with these arguments.
    static func program(_ name: String, arguments: String) throws -> String {
        let status = text(name, "exit").filter(\.isNumber)
        return """
            [ "$*" = '\(arguments)' ] || { echo "called with: $*" >&2; exit 99; }
            cat <<'goldcrest_end'
            \(text(name, "stdout"))
            goldcrest_end
            cat >&2 <<'goldcrest_end'
            \(text(name, "stderr"))
            goldcrest_end
            exit \(status)
            """
    }

    static func scheduler(_ programs: [String: String], timeout: Duration = .seconds(20)) throws -> OpenPBS {
        OpenPBS(shell: try LocalShell(programs), timeout: timeout, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
