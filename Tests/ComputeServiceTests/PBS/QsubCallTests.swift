import Foundation
import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore
import Testing

@testable import ComputeService

@Suite("the call of qsub")
struct QsubCallTests {
    private func job(_ script: JobSubmission.Script = .text("#!/bin/sh\n#PBS -l ncpus=1\necho hi\n"), in directory: String = "/tmp") throws -> JobSubmission {
        JobSubmission(script: script, workingDirectory: try AbsolutePath(normalising: directory))
    }

    /// What a stand-in for qsub was given.
    private struct Received {
        var arguments: [String]
        var environment: [String]
        var directory: String
        var input: String

        func value(of option: String) -> String? {
            arguments.firstIndex(of: option).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
        }
    }

    private func received(_ job: JobSubmission) async throws -> Received {
        let shell = try LocalShell(["qsub": #"printf '%s\0' "$@"; printf '\1'; /usr/bin/env -0; printf '\1'; /bin/pwd; printf '\1'; /bin/cat"#])
        let call = try QsubCall(job)
        let result = try await shell.run(call.command, as: RecordedPBS.user, input: call.input, outputLimit: 1 << 20, timeout: .seconds(20))
        let parts = String(buffer: try result.requireSuccess()).split(separator: "\u{1}", maxSplits: 3, omittingEmptySubsequences: false)
        try #require(parts.count == 4)
        func words(_ text: Substring) -> [String] { text.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init) }
        return Received(
            arguments: words(parts[0]), environment: words(parts[1]), directory: String(parts[2].dropLast()), input: String(parts[3]))
    }

    @Test("variables reach qsub as they are, and only their names are arguments")
    func environment() async throws {
        var job = try job()
        job.environment = [
            "A": "1,2,\"3\"", "B": "line\nbreak", "C": "$(touch /tmp/x) `id` 'q'", "D": "", "E": "back\\slash, \\, and more", "PATH": "/nowhere",
        ]
        let received = try await received(job)
        for (name, value) in job.environment { #expect(received.environment.contains("\(name)=\(value)")) }
        #expect(received.value(of: "-v") == "A,B,C,D,E,PATH")
        #expect(received.input.hasSuffix("echo hi\n"))
        #expect(!received.environment.contains { $0.hasPrefix("goldcrest_") })
    }

    @Test("no variable's value is among the arguments of a process")
    func secrecy() throws {
        var job = try job()
        job.environment = ["TOKEN": "s3cret"]
        #expect(!(try QsubCall(job).command.shellText().contains("s3cret")))
    }

    @Test("options hold whatever they are given", arguments: [#"a|b "c" $(d)"#, "-q", "--", "new\nline", "a,b", "'"])
    func options(_ text: String) async throws {
        var job = try job()
        job.name = text
        job.account = text
        job.partition = text
        job.constraints = text
        job.standardOutput = text
        job.standardError = "\(text)2"
        #expect(try await received(job).arguments == ["-f", "-N", text, "-P", text, "-q", text, "-l", text, "-o", text, "-e", "\(text)2"])
    }

    @Test("a job that asks for nothing gets nothing, so that its script's directives count")
    func plain() async throws {
        var job = try job()
        job.environment = ["F7T_version": "v2.0.0"]
        job.name = ""
        let received = try await received(job)
        #expect(received.arguments == ["-f"])
        #expect(received.input == "#!/bin/sh\n#PBS -l ncpus=1\ncd /tmp || exit 1\necho hi\n")
    }

    @Test("qsub runs in the working directory")
    func directory() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("goldcrest a'b \(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var job = try job(in: directory)
        job.environment = ["A": "1"]
        #expect(try await received(job).directory == directory)
    }

    @Test("a script on the system is an argument, and nothing is sent in its place")
    func file() async throws {
        let received = try await received(try job(.file(try AbsolutePath(normalising: "/home/ada/my job.sh"))))
        #expect(received.arguments == ["-f", "/home/ada/my job.sh"])
        #expect(received.input == "")
    }

    @Test("one file for output and error is a joined one")
    func joined() async throws {
        var job = try job()
        job.standardOutput = "/tmp/log"
        job.standardError = "/tmp/log"
        #expect(try await received(job).arguments == ["-f", "-o", "/tmp/log", "-j", "oe"])
    }

    @Test("a reservation is its queue", arguments: [("R10", nil), ("R10.vm", nil), ("R10.vm", "R10"), ("R10", "")] as [(String, String?)])
    func reservation(_ reservation: String, _ partition: String?) async throws {
        var job = try job()
        job.reservation = reservation
        job.partition = partition
        #expect(try await received(job).arguments == ["-f", "-q", "R10"])
    }

    @Test("a job cannot be in two queues")
    func twoQueues() throws {
        var job = try job()
        job.reservation = "R10"
        job.partition = "workq"
        let error = #expect(throws: APIError.self) { try QsubCall(job) }
        #expect(error?.status == .badRequest)
    }

    @Test("a standard input that OpenPBS cannot give is refused")
    func standardInput() throws {
        for script in [JobSubmission.Script.text("#!/usr/bin/python3\nprint(1)\n"), .text("#!/bin/csh\necho\n"), .file(try AbsolutePath(normalising: "/home/ada/job.sh"))] {
            var job = try job(script)
            job.standardInput = "/tmp/in"
            let error = #expect(throws: APIError.self) { try QsubCall(job) }
            #expect(error?.status == .notImplemented)
            job.standardInput = ""
            _ = try QsubCall(job)
        }
    }

    @Test(
        "the id is the last line, without its server",
        arguments: [
            (RecordedPBS.text("qsub_ok", "stdout"), "7"), ("8[].vm\n", "8[]"), ("Welcome\n9.vm.example.org\n", "9"), ("0.vm\n", "0.vm"), ("", nil), ("error\n", nil),
        ] as [(String, String?)])
    func jobID(_ output: String, _ id: String?) {
        #expect(QsubCall.jobID(in: ByteBuffer(string: output)) == id)
    }
}
