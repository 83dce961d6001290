import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import FilesystemService

@Suite("The path of a request")
struct PathParameterTests {
    private let cluster: Cluster

    init() throws {
        cluster = Cluster(
            name: "c", fileSystems: [.init(path: try AbsolutePath(normalising: "/data"), dataType: .users)],
            ssh: Cluster.SSH(host: "h"), scheduler: Cluster.Scheduler(type: .slurm, version: "24.11"))
    }

    @Test("a slash at the end is remembered, also in its longer forms", arguments: ["/data/x/", "/data/x/.", "/data/x/y/..", "/data/x//"])
    func slash(text: String) throws {
        let parameter = try PathParameter(text: text, on: cluster)
        #expect(parameter.endsInSlash)
        #expect(ListingTarget(path: parameter.path, entersLink: parameter.endsInSlash).argument == Array("/data/x/".utf8))
    }

    @Test("a path without one stays as it is", arguments: ["/data/x", "/data/./x", "/data/y/../x", "/data/x..", "/data/x."])
    func plain(text: String) throws {
        #expect(try PathParameter(text: text, on: cluster).endsInSlash == false)
    }

    @Test("a missing path is an error of its own, not one of validation")
    func missing() {
        let error = #expect(throws: APIError.self) { try PathParameter(text: nil, on: cluster) }
        #expect(error?.body(user: nil).errorType == .error)
    }

    @Test("a path that is refused is named", arguments: [nil, "", "x", "/etc", "/data/../x", "/database"])
    func named(text: String?) {
        let error = #expect(throws: APIError.self) { try PathParameter(text: text, named: "linkPath", on: cluster) }
        #expect(error?.status == .badRequest)
        #expect(error?.message.contains("linkPath") == true)
    }
}
