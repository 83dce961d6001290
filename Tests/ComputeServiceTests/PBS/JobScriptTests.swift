import Foundation
import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import NIOCore
import Testing

@testable import ComputeService

@Suite("a script for OpenPBS")
struct JobScriptTests {
    private func script(_ text: String, in directory: String = "/w d", standardInput: String? = nil) throws -> String {
        try JobScript(text, workingDirectory: try AbsolutePath(normalising: directory), standardInput: standardInput).text
    }

    private static let line = "cd '/w d' || exit 1"

    @Test(
        "enters its directory behind its directives and in front of its first command",
        arguments: [
            ("#!/bin/bash\n#PBS -N a\n\n  # b\necho\n#PBS -N c\n", "#!/bin/bash\n#PBS -N a\n\n  # b\n\(line)\necho\n#PBS -N c\n"),
            ("echo", "\(line)\necho"), ("", "\(line)\n"), ("# a", "# a\n\(line)\n"), ("#!/bin/sh\r\necho\r\n", "#!/bin/sh\r\n\(line)\necho\r\n"),
            ("#PBS -l \\\nncpus=1\necho\n", "#PBS -l \\\nncpus=1\n\(line)\necho\n"),
        ])
    func insertion(_ text: String, _ result: String) throws {
        #expect(try script(text) == result)
    }

    @Test(
        "is one for a shell by its first line",
        arguments: [
            "#!/bin/sh", "#! /usr/bin/bash -l", "#!/usr/bin/env bash", "#!/usr/bin/env -S A=1 bash -e", "#!/bin/zsh", "#!/bin/csh -f", "", "#PBS -N a", "#!",
        ])
    func shells(_ first: String) throws {
        #expect(try script("\(first)\necho\n").contains("cd "))
    }

    @Test(
        "stays as it is if it is for something else",
        arguments: ["#!/usr/bin/python3", "#!/usr/bin/env python3", "#!/usr/bin/perl -w", "#!/opt/bash/bin/julia", "#!/usr/bin/env -S python3 -u"])
    func others(_ first: String) throws {
        #expect(try script("\(first)\nprint(1)\n") == "\(first)\nprint(1)\n")
    }

    @Test("really runs in its directory, and reads its standard input", arguments: ["a b", "it's", "$(id)", "-n", "line\nbreak"])
    func running(_ name: String) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("goldcrest-\(UUID().uuidString)").appendingPathComponent(name)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        try Data("input".utf8).write(to: directory.appendingPathComponent(name))
        let text = try script("#PBS -N a\npwd; cat", in: directory.path, standardInput: name == "-n" ? "./-n" : name)
        let result = try await LocalShell([:]).run(
            RemoteCommand("sh", "-c", text), as: RecordedPBS.user, input: nil, outputLimit: 1 << 20, timeout: .seconds(20))
        #expect(String(buffer: try result.requireSuccess()) == "\(directory.path)\ninput")
    }

    @Test("fails without its directory rather than run elsewhere")
    func missingDirectory() async throws {
        let text = try script("echo ran", in: "/nonexistent")
        let result = try await LocalShell([:]).run(
            RemoteCommand("sh", "-c", text), as: RecordedPBS.user, input: nil, outputLimit: 1 << 20, timeout: .seconds(20))
        #expect(!result.isSuccess && result.standardOutput.readableBytes == 0)
    }
}
