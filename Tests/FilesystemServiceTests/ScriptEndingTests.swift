import Foundation
import Testing

@testable import FilesystemService

@Suite("Scripts that are told to end while they clear up")
struct ScriptEndingTests {
    /// A script with its arguments, `FOLDER` standing for where it works, and what it reads.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        let arguments: [String]
        var input = ""

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "compress", text: CompressScript.text,
            arguments: ["FOLDER", "file", "FOLDER/archive", "FOLDER", "word", "", "1000000", "", ""]),
        Case(name: "extract", text: ExtractScript.text, arguments: ["FOLDER/file", "FOLDER", "word", "", "1000000", "1000000"]),
        Case(name: "upload", text: UploadScript.text, arguments: ["FOLDER/new", "word"], input: "4\nabcd"),
    ]

    @Test("leave nothing behind", arguments: cases)
    func clearing(script: Case) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let programs = folder.appending(path: "programs")
        try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("text\n".utf8).write(to: folder.appending(path: "file"))
        // Signals its own process group, as the service does, before it removes anything.
        let removal = programs.appending(path: "rm")
        try Data("#!/bin/sh\ntouch '\(folder.path)/signalled'\nkill -s TERM 0\nexec /bin/rm \"$@\"\n".utf8).write(to: removal)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: removal.path)

        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/setsid")
        let arguments = script.arguments.map { $0.replacing("FOLDER", with: folder.path) }
        process.arguments = ["--wait", "sh", "-c", script.text, script.name] + arguments
        process.environment = ["PATH": "\(programs.path):/usr/bin:/bin", "LC_ALL": "C"]
        let input = Pipe()
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(script.input.utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()

        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.contains("signalled"))
        #expect(names.filter { $0.hasPrefix(".goldcrest") } == [])
    }
}
