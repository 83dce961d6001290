import Foundation
import GoldcrestProtocol

/// A folder of a test's own, in which it runs scripts.
struct Folder: Sendable {
    let url: URL

    private init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "goldcrest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    static func with(_ body: (Folder) throws -> Void) throws {
        let folder = try Folder()
        defer { folder.remove() }
        try body(folder)
    }

    static func with(_ body: (Folder) async throws -> Void) async throws {
        let folder = try Folder()
        defer { folder.remove() }
        try await body(folder)
    }

    private func remove() {
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) throws -> AbsolutePath { try AbsolutePath(normalising: url.path()).appending(name) }

    /// All names, hidden ones too.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path()) }

    func names(in name: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path(name).string) }

    func write(_ content: some Sequence<UInt8>, to name: String, mode: Int? = nil) throws {
        let path = try path(name).string
        try Data(content).write(to: URL(filePath: path))
        if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path) }
    }

    func content(of name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name).string))) }

    func mode(of name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name).string)[.posixPermissions] as? Int
    }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name).string, withIntermediateDirectories: true)
    }

    /// Runs a script from a file beside the folder.
    func run(_ script: String) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        let file = URL(filePath: "\(url.path()).sh")
        try Data(script.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.arguments = [file.path()]
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
