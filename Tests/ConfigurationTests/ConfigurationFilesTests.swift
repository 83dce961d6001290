import Foundation
import GoldcrestConfiguration
import Testing

@Suite("Files of a configuration")
struct ConfigurationFilesTests {
    /// A folder that is gone after the test.
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-configuration-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func problems(at file: URL) -> [ConfigurationError.Problem] {
        do {
            _ = try Settings.load(from: file.path)
            return []
        } catch {
            return error.problems
        }
    }

    private static let withFolderOfClusters = """
        auth: {authentication: {token_url: http://idp/token, public_certs: [certs.json]}}
        ssh_credentials: {type: SSHStaticKeys, keys: {u: {private_key: "secret_file:keys/u"}}}
        clusters: "path:clusters"
        """

    @Test("clusters come from the folder's files in order, relative paths from the file that has them")
    func folder() throws {
        try withFolder { folder in
            try write(Self.withFolderOfClusters, to: folder.appending(path: "f7t.yaml"))
            try write("key\n\n", to: folder.appending(path: "keys/u"))
            try write("secret\r\n", to: folder.appending(path: "clusters/secret"))
            for name in ["b", "a", "B2"] {
                try write(
                    "name: \(name)\nssh: {host: h, known_hosts: hosts}\nscheduler: {type: slurm, version: 1}\n"
                        + "service_account: {client_id: c, secret: 'secret_file:secret'}\n",
                    to: folder.appending(path: "clusters/\(name).yaml"))
            }
            try write("no: cluster", to: folder.appending(path: "clusters/notes.txt"))
            let settings = try Settings.load(from: folder.appending(path: "f7t.yaml").path).settings
            #expect(settings.clusters.map(\.name) == ["b2", "a", "b"])
            #expect(settings.clusters.first?.ssh.knownHosts == folder.path + "/clusters/hosts")
            #expect(settings.clusters.first?.serviceAccount?.secret == Secret("secret"))
            #expect(settings.sshCredentials == .staticKeys(["u": .init(privateKey: Secret("key"))]))
            #expect(settings.auth.authentication.publicCertificates == ["file://\(folder.path)/certs.json"])
        }
    }

    @Test("problems in a folder of clusters name the file, and go on to the next one")
    func folderProblems() throws {
        try withFolder { folder in
            let file = folder.appending(path: "f7t.yaml")
            try write(Self.withFolderOfClusters, to: file)
            try write("name: x\nssh: {host: h, port: 0}\nscheduler: {type: slurm, version: 1}\n", to: folder.appending(path: "clusters/1.yaml"))
            try write("name: [", to: folder.appending(path: "clusters/2.yaml"))
            try write("name: X\nssh: {host: h}\nscheduler: {type: slurm, version: 1}\n", to: folder.appending(path: "clusters/3.yaml"))
            let problems = problems(at: file)
            #expect(problems.map(\.path) == [
                "ssh_credentials.keys.u.private_key", "1.yaml: ssh.port", "\(folder.path)/clusters/2.yaml", "3.yaml: name",
            ])
            #expect(problems.first?.found == "\(folder.path)/keys/u: No such file or directory")
            #expect(problems.last?.found.contains("1.yaml") == true)
        }
    }

    @Test("a missing folder, a missing file and a folder in the place of a file are told")
    func missing() throws {
        try withFolder { folder in
            let file = folder.appending(path: "f7t.yaml")
            #expect(problems(at: file) == [.init(path: file.path, found: "No such file or directory", expected: "a readable YAML file")])
            #expect(problems(at: folder).first?.found == "not a regular file")
            try write(ExampleYAML.minimal(replacing: "type: SSHCA, url: http://ca/", with: "type: SSHStaticKeys, keys: {u: {private_key: 'secret_file:'}}"), to: file)
            #expect(problems(at: file).first?.found.contains("not a regular file") == true)
            try write(Self.withFolderOfClusters, to: file)
            try write("", to: folder.appending(path: "keys/u"))
            let found = problems(at: file).map(\.found)
            #expect(found == ["\(folder.path)/keys/u, an empty file", "\(folder.path)/clusters: No such file or directory"])
            try Data([0xff, 0xfe]).write(to: file)
            #expect(problems(at: file).first?.found == "not UTF-8 text")
        }
    }
}
