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
        "*", "~", "$HOME", "back\\slash", "tab\t", " ", "#x", "ü日本", "%j", "!!", "\r", String(repeating: "'", count: 60),
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

    @Test("no line of a user's text can be read as a directive", arguments: names)
    func directives(name: String) throws {
        let path = try AbsolutePath(normalising: "/\(name)/\n#SBATCH --uid=0")
        let text = try script(.move(source: path, target: path), directives: ["#SBATCH --time=1", "#SBATCH --account=a"])
        // sbatch(1) stops at the first line that is neither empty nor a comment.
        let head = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.isEmpty || $0.hasPrefix("#") }
        let directives = head.filter { $0.hasPrefix("#SBATCH") }
        #expect(directives.count == 3)
        #expect(directives.first?.hasPrefix("#SBATCH --comment=goldcrest-transfer-") == true)
        #expect(directives.dropFirst() == ["#SBATCH --time=1", "#SBATCH --account=a"])
        #expect(text.hasPrefix("#!/bin/bash\n"))
    }
}

/// A folder of a test's own, in which it runs scripts.
struct Folder {
    private let url: URL

    static func with(_ body: (Folder) throws -> Void) throws {
        let folder = Folder(url: FileManager.default.temporaryDirectory.appending(path: "goldcrest-\(UUID().uuidString)"))
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder.url) }
        try body(folder)
    }

    func path(_ name: String) throws -> AbsolutePath { try AbsolutePath(normalising: url.path()).appending(name) }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path()) }

    func run(_ script: String) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = url
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        let output = Pipe(), errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let texts = [output, errors].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        process.waitUntilExit()
        return (process.terminationStatus, texts[0], texts[1])
    }
}
