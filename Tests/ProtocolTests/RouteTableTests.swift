import GoldcrestProtocol
import HTTPTypes
import Testing

@Suite("The route table")
struct RouteTableTests {
    private let table = RouteTable()

    @Test("finds every route by its own pattern")
    func everyRoute() throws {
        for route in APIRoute.all {
            let path = route.pattern
                .split(separator: "/", omittingEmptySubsequences: false)
                .map { $0 == "{system_name}" ? "daint" : $0 == "{job_id}" ? "12_3" : $0 }
                .joined(separator: "/")
            guard case .match(let match) = table.find(route.method, path) else {
                Issue.record("\(route.method) \(path) is not found")
                continue
            }
            #expect(match.route == route)
            #expect(match.system == (route.pattern.contains("{system_name}") ? "daint" : nil))
        }
    }

    @Test("ignores the case of the path and a slash at its end", arguments: [
        "/FileSystem/DAINT/OPS/Ls", "/filesystem/daint/ops/ls/",
    ])
    func spelling(path: String) {
        guard case .match(let match) = table.find(.get, path) else {
            Issue.record("\(path) is not found")
            return
        }
        #expect(match.route.pattern == "/filesystem/{system_name}/ops/ls")
        #expect(match.system == "daint")
    }

    @Test("tells the methods of a path that has not the one asked for")
    func wrongMethod() {
        guard case .methodNotAllowed(let allowed) = table.find(.put, "/compute/daint/jobs") else {
            Issue.record("PUT is not refused by its method")
            return
        }
        #expect(allowed == [.get, .post, .head])
    }

    @Test("answers HEAD where GET is")
    func head() {
        guard case .match(let match) = table.find(.head, "/status/systems") else {
            Issue.record("HEAD is not found")
            return
        }
        #expect(match.route.method == .get)
    }

    @Test("finds nothing behind paths that only look like routes", arguments: [
        "", "/", "//", "/status", "/status/", "/compute//jobs", "/compute/daint", "/compute/daint/jobs/1/2/3", "/filesystem/daint/ops/",
        "/filesystem/daint/ops/ls/x", "/{system_name}", "/status/systems//", "status/systems", "/internal/daint/probe/ssh",
        "/compute/daint/jobs//metadata",
    ])
    func nothing(path: String) {
        guard case .notFound = table.find(.get, path) else {
            Issue.record("\(path) is found")
            return
        }
    }
}
