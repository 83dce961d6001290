import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestShell
import Testing

@testable import TransferService

@Suite("The script of a transfer's job")
struct TransferJobScriptTests {
    static let names = [
        "a b", "it's", "\"x\"", "$(touch pwned)", "`touch pwned`", "; touch pwned", "a\nb", "\n#SBATCH --uid=0\nx", "-rf", "--help", "&& exit 0",
        "*", "~", "$HOME", "back\\slash", "tab\t", " ", "#x", "ü日本", "%j", "!!", "\r", String(repeating: "'", count: 60), "ends\n", "a\r\nb",
    ]

    private func script(_ transfer: FileTransfer, directives: [String] = []) throws -> String {
        try TransferJobScript(
            taskID: UUID(), scheduler: .slurm, directives: directives, work: transfer.work
        ).text()
    }

    @Test("what bash runs moves, copies and removes exactly the named files", arguments: names)
    func exactNames(name: String) throws {
        try Folder.with { folder in
            let source = try folder.path("\(name)")
            try Data("x".utf8).write(to: URL(filePath: source.string))
            let copied = try folder.path("copy of \(name)"), moved = try folder.path("\(name) moved")
            let copy = try folder.run(try script(.copy(source: source, target: copied, dereference: false)))
            #expect(copy.status == 0 && copy.output == "Files were successfully copied.\n" && copy.errors.isEmpty)
            #expect(Set(try folder.names()) == [name, "copy of \(name)"])
            let move = try folder.run(try script(.move(source: source, target: moved)))
            #expect(move.status == 0 && move.output == "Files were successfully moved.\n")
            #expect(Set(try folder.names()) == ["\(name) moved", "copy of \(name)"])
            #expect(try folder.run(try script(.remove(path: moved))).output == "Files were successfully removed.\n")
            #expect(try folder.names() == ["copy of \(name)"])
        }
    }

    @Test("names made of shell syntax at random are just names")
    func randomNames() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("ab '\"$`\\;&|<>(){}[]*?!#~=\n\t-%é")
        for _ in 0..<60 {
            let name = String((0..<Int.random(in: 1...30, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
            try Folder.with { folder in
                let source = try folder.path(name)
                try Data().write(to: URL(filePath: source.string))
                let run = try folder.run(try script(.copy(source: source, target: try folder.path("copy\(name)"), dereference: true)))
                #expect(run.status == 0, "\(name.debugDescription): \(run.errors)")
                #expect(Set(try folder.names()) == [name, "copy\(name)"], "\(name.debugDescription)")
            }
        }
    }

    @Test("the script ends as its command does, and says nothing of success")
    func failure() throws {
        try Folder.with { folder in
            let run = try folder.run(try script(.copy(source: try folder.path("no"), target: try folder.path("x"), dereference: false)))
            #expect(run.status == 1)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("No such file or directory") && run.errors.contains("exit status 1"))
        }
    }

    @Test("a link is copied as a link, or as what it leads to")
    func dereference() throws {
        try Folder.with { folder in
            try Data("x".utf8).write(to: URL(filePath: folder.path("file").string))
            let link = try folder.path("link")
            try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: "file")
            _ = try folder.run(try script(.copy(source: link, target: try folder.path("as link"), dereference: false)))
            _ = try folder.run(try script(.copy(source: link, target: try folder.path("as file"), dereference: true)))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("as link").string) == "file")
            #expect(throws: (any Error).self) { try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("as file").string) }
        }
    }

    @Test("no line of a user's text can be read as a directive", arguments: names, [Cluster.Scheduler.Kind.slurm, .pbs])
    func directives(name: String, scheduler: Cluster.Scheduler.Kind) throws {
        let mark = scheduler == .slurm ? "#SBATCH" : "#PBS"
        let path = try AbsolutePath(normalising: "/\(name)/\n#SBATCH --uid=0\n#PBS -u root")
        let given = ["\(mark) --time=1", "\(mark) -A a"]
        let text = try TransferJobScript(
            taskID: UUID(), scheduler: scheduler, directives: given, work: FileTransfer.move(source: path, target: path).work
        ).text()
        // sbatch(1) and qsub(1B) stop at the first line that is neither empty nor a comment.
        let head = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.isEmpty || $0.hasPrefix("#") }
        let directives = head.filter { $0.hasPrefix("#SBATCH") || $0.hasPrefix("#PBS") }.map(String.init)
        #expect(directives.suffix(2) == given)
        #expect(directives.count == (scheduler == .slurm ? 3 : 2))
        if scheduler == .slurm { #expect(directives.first?.hasPrefix("#SBATCH --comment=goldcrest-transfer-") == true) }
        #expect(text.hasPrefix("#!/bin/bash\n"))
    }

    @Test("a directive of more than one line is refused", arguments: ["#SBATCH -A a\n#SBATCH --uid=0", "#PBS -A a\r", "#SBATCH -A a\0"])
    func longDirective(directive: String) throws {
        let path = try AbsolutePath(normalising: "/x")
        #expect(throws: InvalidCommand.self) { _ = try script(.remove(path: path), directives: [directive]) }
    }

    // MARK: - Signals

    /// Two processes that go on for long, and their numbers in the output.
    private static let lengthy = TransferJobWork(
        script: #"""
            sleep 300 &
            echo "$BASHPID $!"
            echo started
            sleep 300
            """#, successMessage: "Files were successfully kept waiting.")

    private func processes(of job: RunningJob) async throws -> [pid_t] {
        try await job.waitForOutput("started")
        return job.output.split(separator: "\n").first?.split(separator: " ").compactMap { pid_t($0) } ?? []
    }

    /// Waits until none of them is there; the kernel takes its time.
    private func waitForEnd(of processes: [pid_t]) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while processes.contains(where: isAlive), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!processes.contains(where: isAlive))
    }

    private func isAlive(_ process: pid_t) -> Bool {
        // A process that ended but whose parent, process 1, has not asked for it yet, is no more alive.
        let state = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.split(separator: ")").last?.split(separator: " ").first
        return state != nil && state != "Z"
    }

    @Test("a signal to the batch shell alone ends the work and its children", arguments: [SIGTERM, SIGINT, SIGHUP])
    func signalToShell(signal: Int32) async throws {
        let job = try RunningJob(Self.lengthy)
        let processes = try await processes(of: job)
        #expect(processes.count == 2)
        kill(job.processID, signal)
        let result = try await job.end(within: .seconds(30))
        #expect(result.status == 143)
        #expect(!result.output.contains("successfully"))
        #expect(result.errors.contains("The transfer failed with exit status 143."))
        try await waitForEnd(of: processes)
    }

    @Test("a signal to every process of the job, as on a cancellation, ends it the same way")
    func signalToAll() async throws {
        let job = try RunningJob(Self.lengthy)
        let processes = try await processes(of: job)
        kill(-(processes.first ?? 0), SIGTERM)
        kill(job.processID, SIGTERM)
        let result = try await job.end(within: .seconds(30))
        #expect(result.status == 143)
        try await waitForEnd(of: processes)
    }

    @Test("a work that cleans up after a signal is waited for, and has its own exit status")
    func cleanUp() async throws {
        let job = try RunningJob(
            TransferJobWork(
                script: #"""
                    trap 'trap "" TERM; sleep 0.3; echo cleaned; exit 7' TERM
                    echo started
                    sleep 300
                    """#, successMessage: "Files were successfully cleaned."))
        try await job.waitForOutput("started")
        for _ in 0..<3 { kill(job.processID, SIGTERM) }
        let result = try await job.end(within: .seconds(30))
        #expect(result.status == 7)
        #expect(result.output == "started\ncleaned\n")
    }

    @Test("a work that is killed leaves nothing of its text in the log")
    func noText() async throws {
        let result = try await RunningJob.run(
            TransferJobWork(
                script: "url='https://storage/?X-Amz-Signature=secret'\necho \"$url\" >/dev/null\nkill -s KILL \"$BASHPID\"", successMessage: "no"))
        #expect(result.status == 137)
        #expect(!result.errors.contains("secret") && !result.output.contains("secret"))
    }

    @Test("the work knows its task, has no input and speaks English")
    func environment() async throws {
        let id = UUID()
        let result = try await RunningJob.run(
            TransferJobWork(script: #"echo "$task $LC_ALL$(cat)""#, successMessage: "Files were successfully read."), taskID: id,
            environment: ["LC_ALL": "de_DE.UTF-8"])
        #expect(result.output == "\(id.uuidString.lowercased()) C\nFiles were successfully read.\n")
    }

    // MARK: - Edges of the commands

    @Test("a directory is copied and moved into one that is there, and never into itself")
    func directories() throws {
        try Folder.with { folder in
            for name in ["a", "b"] { try folder.makeDirectory(name) }
            try folder.write("x".utf8, to: "a/file")
            let a = try folder.path("a"), b = try folder.path("b")
            #expect(try folder.run(try script(.copy(source: a, target: b, dereference: false))).status == 0)
            #expect(try folder.content(of: "b/a/file") == Array("x".utf8))
            #expect(try folder.run(try script(.move(source: a, target: try folder.path("a/c")))).status == 1)
            #expect(try folder.content(of: "a/file") == Array("x".utf8))
            #expect(try folder.run(try script(.move(source: b, target: a))).status == 0)
            #expect(try folder.content(of: "a/b/a/file") == Array("x".utf8))
        }
    }

    @Test("what is write-protected is moved over and removed without a question")
    func protected() throws {
        try Folder.with { folder in
            for name in ["a", "b"] { try folder.write(name.utf8, to: name, mode: 0o400) }
            let move = try folder.run(try script(.move(source: try folder.path("a"), target: try folder.path("b"))))
            #expect(move.status == 0 && move.errors.isEmpty)
            #expect(try folder.content(of: "b") == Array("a".utf8))
            #expect(try folder.run(try script(.remove(path: try folder.path("b")))).status == 0)
            #expect(try folder.names().isEmpty)
        }
    }

    @Test("removing what is not there fails")
    func removeNothing() throws {
        try Folder.with { folder in
            let run = try folder.run(try script(.remove(path: try folder.path("no"))))
            #expect(run.status == 1 && run.errors.contains("No such file or directory"))
        }
    }
}
