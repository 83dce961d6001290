import FoundationEssentials
import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// Shows what is appended to a file, through ``FollowScript``.
struct ExecFollow: Sendable {
    private static let shortestPause = Duration.milliseconds(250)
    private static let longestPause = Duration.seconds(1)

    let path: AbsolutePath
    let offset: Int
    let time: Duration

    /// Returns when the content begins anew.
    func run(on ssh: SSHPool, as user: SSHUser, _ body: @Sendable (ByteBuffer) async throws -> Void) async throws {
        let command = RemoteCommand("sh", "-c", FollowScript.text, "follow", path).environment("LC_ALL", "C").limited(to: time)
        try await ssh.withProcess(command, as: user, timeout: time) { process in
            var watch = Watch(process)
            var file = FollowedFile(position: offset)
            var pause = Self.shortestPause
            while true {
                let (opened, named) = try await watch.look()
                switch file.step(opened: opened, named: named) {
                case .read(let range):
                    let bytes = try await watch.read(range)
                    file.advance(by: bytes.readableBytes)
                    try await body(bytes)
                    pause = Self.shortestPause
                case .wait:
                    try await Task.sleep(for: pause)
                    pause = min(pause * 2, Self.longestPause)
                case .restart:
                    return
                }
            }
        }
    }

    /// The far side's script.
    private struct Watch {
        private let process: RemoteProcess
        private var lines: ProcessLines

        init(_ process: RemoteProcess) {
            self.process = process
            lines = ProcessLines(process, maximumLength: FollowedFile.maximumPiece * 3 / 2)
        }

        mutating func look() async throws -> (opened: FollowedFile.Look, named: FollowedFile.Look?) {
            let looks = try await answer(to: "look").map { FollowedFile.Look($0.readableBytesView) }
            guard let first = looks.first, let opened = first else { throw Self.notUnderstood }
            return (opened, looks.count > 1 ? looks[1] : nil)
        }

        mutating func read(_ range: Range<Int>) async throws -> ByteBuffer {
            let answer = try await answer(to: "read \(range.lowerBound) \(range.count)")
            guard let line = answer.first, let content = Data(base64Encoded: Data(line.readableBytesView)) else { throw Self.notUnderstood }
            return ByteBuffer(bytes: content)
        }

        private mutating func answer(to question: String) async throws -> [ByteBuffer] {
            try await process.write(ByteBuffer(string: "\(question)\n"))
            var answer: [ByteBuffer] = []
            while let line = try await lines.next() {
                if line.readableBytesView.elementsEqual(".".utf8) { return answer }
                answer.append(line)
            }
            try await process.waitForExit().requireFileSuccess()
            throw Self.notUnderstood
        }

        private static let notUnderstood = APIError(
            .internalServerError, "The system's `stat` or `base64` printed something that isn't understood; GNU coreutils are needed there")
    }
}
