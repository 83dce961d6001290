@testable import AuthGateway
import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Testing

@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    @Test("describes every route, and nothing else")
    func routes() throws {
        let table = RouteTable()
        var described: [String] = []
        for (method, path, json) in try DescribedAPI().operations {
            let asked = path.replacing("{system_name}", with: "daint").replacing("{job_id}", with: "7").replacing("{task_id}", with: "8")
            guard let method = HTTPRequest.Method(method), case .match(let match) = table.find(method, asked) else {
                Issue.record("\(method) \(path) is described and not served")
                continue
            }
            described.append("\(match.route.method) \(match.route.pattern)")
            #expect(json.at(["tags"])?.array?.last == .string(match.route.group.rawValue))
        }
        #expect(described.sorted() == APIRoute.all.map { "\($0.method) \($0.pattern)" }.sorted())
    }

    @Test("has no reference that leads nowhere, and no component that nobody refers to")
    func references() throws {
        let api = try DescribedAPI()
        let references = Set(api.document.everything.compactMap { $0.at(["$ref"])?.text })
        for reference in references { #expect(api.target(of: reference) != nil, "\(reference)") }
        let components = ["schemas", "responses"].flatMap { kind in
            (api["components", kind]?.object ?? [:]).keys.map { "#/components/\(kind)/\($0)" }
        }
        #expect(references == Set(components))
    }

    @Test("describes each part of a path as a parameter, and names each operation once")
    func parameters() throws {
        let operations = try DescribedAPI().operations
        for (method, path, json) in operations {
            let named = path.matches(of: #/{(\w+)}/#).map { String($0.1) }
            let parameters = json.at(["parameters"])?.array ?? []
            let inPath = parameters.filter { $0.at(["in"]) == "path" }
            #expect(inPath.compactMap { $0.at(["name"])?.text } == named, "\(method) \(path)")
            #expect(inPath.allSatisfy { $0.at(["required"]) == true })
            #expect(Set(parameters.compactMap { $0.at(["name"]) }.compactMap(\.text)).count == parameters.count, "\(method) \(path)")
        }
        #expect(Set(operations.compactMap { $0.json.at(["operationId"])?.text }).count == APIRoute.all.count)
    }

    @Test("gives operations the ids from which existing clients were generated", arguments: [
        ("get", "/status/liveness/", "get_liveness_status_liveness__get"),
        ("post", "/compute/{system_name}/jobs", "post_job_submit_compute__system_name__jobs_post"),
        ("get", "/compute/{system_name}/jobs/{job_id}/metadata", "get_job_metadata_compute__system_name__jobs__job_id__metadata_get"),
        ("delete", "/filesystem/{system_name}/transfer/rm", "delete_rm_filesystem__system_name__transfer_rm_delete"),
    ])
    func operationIDs(method: String, path: String, id: String) throws {
        #expect(try DescribedAPI().operation(method, path)?.at(["operationId"]) == .string(id))
    }

    @Test("says that all but liveness need a token, and which scopes it needs")
    func security() throws {
        let api = try DescribedAPI { settings in
            settings.auth.authentication.scopes = ["openid": "Who you are"]
            settings.auth.authorization = Authorization(source: nil, requiredScopes: [.computeRead: ["jobs"], .computeWrite: ["jobs", "change"]])
        }
        for (method, path, json) in api.operations {
            let security = json.at(["security"])
            switch path {
            case "/status/liveness/": #expect(security == nil)
            case _ where path.hasPrefix("/compute/"):
                #expect(security == [["APIAuthDependency": method == "GET" ? ["jobs"] : ["jobs", "change"]], ["HTTPBearer": []]])
            default: #expect(security == [["APIAuthDependency": []], ["HTTPBearer": []]])
            }
            #expect((json.at(["responses", "401"]) != nil) == (security != nil))
        }
        let flow = api["components", "securitySchemes", "APIAuthDependency", "flows", "clientCredentials"]
        #expect(flow?.at(["tokenUrl"]) == "https://issuer.example/token")
        #expect(flow?.at(["scopes", "openid"]) == "Who you are")
        #expect(flow?.at(["scopes", "jobs"]) != nil)
        #expect(api["components", "securitySchemes", "HTTPBearer", "scheme"] == "bearer")
    }

    @Test("offers the configured servers, and the root path unless it is among them", arguments: [
        ("", [], ["/"]),
        ("/hpc", [], ["/hpc"]),
        ("", ["https://a.example"], ["https://a.example"]),
        ("/hpc", ["https://a.example/hpc"], ["/hpc", "https://a.example/hpc"]),
        ("/hpc", ["https://a.example/hpc", "/hpc"], ["https://a.example/hpc", "/hpc"]),
    ])
    func servers(root: String, configured: [String], offered: [String]) throws {
        let api = try DescribedAPI { settings in
            settings.apisRootPath = root
            settings.docServers = configured.map { Settings.DocServer(url: $0, description: "Here") }
        }
        #expect(api["servers"]?.array?.compactMap { $0.at(["url"])?.text } == offered)
        #expect(api["servers"]?.array?.filter { $0.at(["description"]) == "Here" }.count == configured.count)
    }

    @Test("tells how parts of files are read, what has changed, and what is appended")
    func files() throws {
        let api = try DescribedAPI()
        let download = api.operation("get", "/filesystem/{system_name}/ops/download")
        for status in ["200", "206", "304", "412", "413", "416"] { #expect(download?.at(["responses", status]) != nil, "\(status)") }
        #expect(download?.at(["responses", "206", "headers", "Content-Range"]) != nil)
        #expect(download?.at(["responses", "304", "content"]) == nil)
        let tail = api.operation("get", "/filesystem/{system_name}/ops/tail")
        #expect(Set((tail?.at(["responses", "200", "content"])?.object ?? [:]).keys) == ["application/json", "text/event-stream"])
        #expect(tail?.at(["responses", "429"]) != nil)
        let headers = [download, tail].compactMap { $0?.at(["parameters"])?.array }.joined().filter { $0.at(["in"]) == "header" }
        #expect(
            Set(headers.compactMap { $0.at(["name"])?.text })
                == ["Range", "If-Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "Last-Event-ID"])
    }

    @Test("has the version that clients see in F7T-AppVersion")
    func version() throws {
        #expect(try DescribedAPI()["info", "version"] == .string(GoldcrestVersion.api))
    }

    @Test("is the same, byte for byte, for the same settings")
    func stability() throws {
        func encoded() throws -> Data {
            let authentication = Authentication(scopes: ["a": "1", "b": "2", "c": "3"], tokenURL: "https://issuer.example/token", publicCertificates: [])
            let settings = Settings(auth: Auth(authentication: authentication), sshCredentials: .staticKeys([:]), clusters: [])
            return try OpenAPIDocument(settings).encoded()
        }
        #expect(try encoded() == encoded())
    }
}
