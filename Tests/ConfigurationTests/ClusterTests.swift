import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("Paths of a cluster")
struct ClusterTests {
    private func cluster() throws -> Cluster {
        Cluster(
            name: "Daint",
            fileSystems: [
                .init(path: try AbsolutePath(normalising: "/scratch"), dataType: .scratch),
                .init(path: try AbsolutePath(normalising: "/scratch/project"), dataType: .project, defaultWorkDir: true),
            ],
            ssh: .init(host: "h"), scheduler: .init(type: .slurm, version: "24.11"))
    }

    @Test("a path belongs to the innermost file system, at a component's boundary")
    func innermost() throws {
        let cluster = try cluster()
        #expect(cluster.fileSystem(containing: "/scratch/a")?.dataType == .scratch)
        #expect(cluster.fileSystem(containing: "/scratch/project")?.dataType == .project)
        #expect(cluster.fileSystem(containing: "/scratch/projects")?.dataType == .scratch)
        #expect(cluster.fileSystem(containing: "/scratch2/a") == nil)
        #expect(cluster.fileSystem(containing: "scratch/a") == nil)
        #expect(cluster.defaultWorkDirectory?.path.string == "/scratch/project")
        #expect(cluster.name == "daint")
    }

    @Test("a path is normalised before it is checked")
    func authorised() throws {
        #expect(try cluster().authorisedPath("/scratch/./a//b/../c/").string == "/scratch/a/c")
        #expect(try cluster().authorisedPath("/etc/../scratch").string == "/scratch")
    }

    @Test("a path outside, relative or broken is a bad request", arguments: ["/scratch/../etc", "/", "", "scratch", "/scratch2", "/scratch/\0"])
    func refused(path: String) throws {
        let cluster = try cluster()
        let error = #expect(throws: APIError.self) { try cluster.authorisedPath(path) }
        #expect(error?.status == .badRequest)
        #expect(error?.fields.isEmpty == true)
    }

    @Test("directives get the account in its places, and want one only if they name it")
    func directives() {
        let operation = Cluster.DataOperation(datatransferJobsDirectives: ["#SBATCH -A {account}", "#SBATCH --comment={account}{account}", "#SBATCH -n1"])
        #expect(operation.requiresAccount)
        #expect(operation.directives(account: "p1") == ["#SBATCH -A p1", "#SBATCH --comment=p1p1", "#SBATCH -n1"])
        #expect(!Cluster.DataOperation(datatransferJobsDirectives: ["#SBATCH -n1"]).requiresAccount)
    }
}
