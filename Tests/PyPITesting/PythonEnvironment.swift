import Foundation
import StackTesting

/// A Python with packages of PyPI beside it, installed once and kept for later runs in a folder for temporary files.
public struct PythonEnvironment: Sendable {
    /// The interpreter's path.
    public let python: String

    /// - Parameter name: Names the folder.
    public static func named(_ name: String, packages: String...) async throws -> PythonEnvironment {
        let directory = FileManager.default.temporaryDirectory.appending(path: "goldcrest-test-python-\(name)-\(geteuid())").path()
        let installer = try ToolProcess("/bin/bash", ["-c", script, "bash", directory] + packages)
        let (status, output) = try await installer.end(within: .seconds(600))
        guard status == 0 else { throw Unexpected(description: "\(packages) from PyPI, which these tests need, cannot be installed: \(output)") }
        return PythonEnvironment(python: "\(directory)/venv/bin/python")
    }

    private static let script = #"""
        set -euo pipefail
        umask 022
        exec 9>"$1.lock"
        flock 9
        [ ! -e "$1/complete" ] || exit 0
        rm -rf -- "$1"
        python3 -m venv "$1/venv"
        "$1/venv/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"
        touch "$1/complete"
        """#
}
