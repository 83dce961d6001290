import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import NIOCore
import Testing

@testable import ComputeService

@Suite("the call of sbatch")
struct SbatchCallTests {
    private func job(_ environment: [String: String] = [:], name: String? = nil) throws -> JobSubmission {
        var job = JobSubmission(script: .text("#!/bin/sh\necho hi\n"), workingDirectory: try AbsolutePath(normalising: "/home/ada"))
        job.environment = environment
        job.name = name
        return job
    }

    /// What a stand-in for sbatch that prints its arguments, environment and standard input was given.
    private func received(_ job: JobSubmission) async throws -> [String] {
        let shell = try LocalShell(["sbatch": #"printf '%s\0' "$@" --; /usr/bin/env -0; printf -- '--\0'; /bin/cat"#])
        let call = SbatchCall(job)
        let result = try await shell.run(
            call.command, as: SSHUser(name: "ada", token: ""), input: call.input, outputLimit: 1 << 20, timeout: .seconds(20))
        return String(buffer: try result.requireSuccess()).split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("variables reach sbatch as they are, and the script behind them too")
    func environment() async throws {
        let values = ["A": "1,2,\"3\"", "B": "line\nbreak", "C": "$(touch /tmp/x) `id` 'q'", "D": "", "E": "  blanks  ", "PATH": "/nowhere"]
        let received = try await received(job(values))
        for (name, value) in values { #expect(received.contains("\(name)=\(value)")) }
        #expect(received.last == "#!/bin/sh\necho hi\n")
        #expect(!received.contains { $0.hasPrefix("goldcrest_") })
    }

    @Test("no variable's value is among the arguments of a process")
    func secrecy() throws {
        let call = SbatchCall(try job(["TOKEN": "s3cret"]))
        #expect(!(try call.command.shellText()).contains("s3cret"))
    }

    @Test("options hold whatever they are given", arguments: [#"a|b "c" $(d)"#, "--partition=x", "new\nline", "-"])
    func options(_ name: String) async throws {
        let received = try await received(job(["A": "1"], name: name))
        #expect(received.contains("--job-name=\(name)"))
        #expect(received.prefix(4).contains("--chdir=/home/ada"))
    }

    @Test("without variables it is sbatch alone")
    func plain() async throws {
        let call = SbatchCall(try job())
        #expect(try call.command.shellText().hasPrefix("sbatch --parsable"))
        #expect(call.input == ByteBuffer(string: "#!/bin/sh\necho hi\n"))
    }

    @Test("a script on the system is an argument, and standard input then holds the variables only")
    func file() throws {
        var job = try job(["A": "1"])
        job.script = .file(try AbsolutePath(normalising: "/home/ada/my job.sh"))
        let call = SbatchCall(job)
        #expect(try call.command.shellText().hasSuffix("'/home/ada/my job.sh'"))
        #expect(call.input == ByteBuffer(string: "A=1\0\0"))
    }

    @Test(
        "the id is the number in front",
        arguments: [("17\n", "17"), ("17;cluster\n", "17"), ("Welcome\n17\n", "17"), ("", nil), ("error\n", nil)] as [(String, String?)])
    func jobID(_ output: String, _ id: String?) {
        #expect(SbatchCall.jobID(in: ByteBuffer(string: output)) == id)
    }
}
