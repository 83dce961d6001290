import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import FilesystemService

@Suite("Whole file systems")
struct WholeFileSystemTests {
    private let cluster: Cluster

    init() throws {
        cluster = Cluster(
            name: "c",
            fileSystems: try ["/data", "/data/scratch", "/other"].map { .init(path: try AbsolutePath(normalising: $0), dataType: .users) },
            ssh: Cluster.SSH(host: "h"), scheduler: Cluster.Scheduler(type: .slurm, version: "24.11"))
    }

    @Test("are not changed as a whole, nor are directories that hold one", arguments: ["/data", "/data/scratch", "/"])
    func whole(text: String) throws {
        let path = try AbsolutePath(normalising: text)
        let error = #expect(throws: APIError.self) { try cluster.requirePart(path) }
        #expect(error?.status == .badRequest)
        #expect(error?.message.contains(text) == true)
    }

    @Test("what lies in one may be changed", arguments: ["/data/x", "/data/scratch2", "/data/scratch/x", "/other/scratch"])
    func part(text: String) throws {
        try cluster.requirePart(try AbsolutePath(normalising: text))
    }

    @Test("are not overwritten by something of their name")
    func overwritten() throws {
        let source = try AbsolutePath(normalising: "/other/scratch")
        #expect(throws: APIError.self) { try cluster.requireNoneOverwritten(byPutting: source, at: try AbsolutePath(normalising: "/data")) }
        try cluster.requireNoneOverwritten(byPutting: source, at: try AbsolutePath(normalising: "/data/scratch"))
        try cluster.requireNoneOverwritten(byPutting: .root, at: try AbsolutePath(normalising: "/data/x"))
    }
}
