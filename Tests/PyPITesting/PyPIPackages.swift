import Foundation
import StackTesting

/// The packages of PyPI that transfers need: the users' clients, the servers between the ends, and an index of their own from which jobs install.
///
/// They are fetched once and kept for later runs, in a folder for temporary files.
public struct PyPIPackages: Sendable {
    private let directory: URL

    public static func installed() async throws -> PyPIPackages { try await installation.value }

    /// What a job's package index is configured as.
    public var indexURL: String { "file://\(directory.path())/index" }

    /// A command of one of the packages, or `python`.
    public func command(_ name: String) -> String { directory.appending(path: "venv/bin/\(name)").path() }

    private static let installation = Task { try await install() }

    private static func install() async throws -> PyPIPackages {
        let directory = FileManager.default.temporaryDirectory.appending(path: "goldcrest-test-pypi-\(geteuid())")
        let installer = try ToolProcess("/bin/bash", ["-c", script, "bash", directory.path()])
        let (status, output) = try await installer.end(within: .seconds(600))
        guard status == 0 else { throw Unexpected(description: "the packages from PyPI that these tests need cannot be installed: \(output)") }
        return PyPIPackages(directory: directory)
    }

    /// The index is a folder for each package with links in a page (PEP 503).
    private static let script = #"""
        set -euo pipefail
        umask 022
        exec 9>"$1.lock"
        flock 9
        [ ! -e "$1/complete" ] || exit 0
        rm -rf -- "$1"
        python3 -m venv "$1/venv"
        pip() { "$1/venv/bin/python" -m pip "${@:2}"; }
        pip "$1" install --quiet --disable-pip-version-check \
            'firecrest-streamer>=0.0.21' magic-wormhole magic-wormhole-mailbox-server magic-wormhole-transit-relay
        pip "$1" download --quiet --disable-pip-version-check --only-binary :all: --dest "$1/wheels" 'firecrest-streamer>=0.0.21' magic-wormhole
        for wheel in "$1"/wheels/*.whl; do
            file=${wheel##*/} name=${file%%-*}
            name=${name,,} name=${name//[._]/-}
            mkdir -p "$1/index/$name"
            echo "<a href=\"file://$wheel\">$file</a>" >>"$1/index/$name/index.html"
        done
        touch "$1/complete"
        """#
}
