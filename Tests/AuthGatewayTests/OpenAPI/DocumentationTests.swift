import Foundation
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import NIOCore
import Testing

@Suite("The gateway's documentation")
struct DocumentationTests {
    @Test("is for everybody, with a token or without, in any case, under the root path or not", arguments: [
        ("/openapi.json", "application/json"), ("/OpenAPI.json/", "application/json"), ("/hpc/openapi.json", "application/json"),
        ("/docs", "text/html; charset=utf-8"), ("/docs/", "text/html; charset=utf-8"), ("/hpc/Docs", "text/html; charset=utf-8"),
    ])
    func everybody(path: String, contentType: String) async throws {
        try await TestGateway.run(changing: { $0.apisRootPath = "/hpc" }) { gateway in
            for authorization in [nil, "Bearer nonsense"] {
                let response = try await gateway.send(.get, path, authorization: .some(authorization))
                #expect(response.head.status == .ok)
                let fields = response.head.headerFields
                #expect(fields[.contentType] == contentType)
                #expect(fields[.xContentTypeOptions] == "nosniff")
                #expect(fields[.contentLength] == "\(response.body.readableBytes)")
                #expect(fields[.appVersion]?.hasPrefix("2.") == true)
                #expect(fields[.requestID]?.count == 32)
            }
        }
    }

    @Test("can be asked for without its body, and not sent again while it is the same", arguments: ["/openapi.json", "/docs"])
    func caching(path: String) async throws {
        try await TestGateway.run { gateway in
            let whole = try await gateway.send(.get, path, authorization: .some(nil))
            let head = try await gateway.send(.head, path, authorization: .some(nil))
            #expect(head.head.status == .ok)
            #expect(head.body.readableBytes == 0)
            #expect(head.head.headerFields[.contentLength] == "\(whole.body.readableBytes)")
            #expect(whole.head.headerFields[.cacheControl] == "no-cache")

            let tag = try #require(whole.head.headerFields[.eTag])
            for known in [tag, "\"other\", \(tag)", "W/\(tag)", "*"] {
                let same = try await gateway.send(.get, path, authorization: .some(nil), headerFields: [.ifNoneMatch: known])
                #expect(same.head.status == .notModified, "\(known)")
                #expect(same.body.readableBytes == 0)
                #expect(same.head.headerFields[.eTag] == tag)
            }
            let changed = try await gateway.send(.get, path, authorization: .some(nil), headerFields: [.ifNoneMatch: "\"other\""])
            #expect(changed.head.status == .ok)
        }
    }

    @Test("cannot be changed", arguments: ["/openapi.json", "/docs"])
    func otherMethods(path: String) async throws {
        try await TestGateway.run { gateway in
            for method in [HTTPRequest.Method.post, .put, .delete] {
                let response = try await gateway.send(method, path, authorization: .some(nil))
                #expect(response.head.status == .methodNotAllowed)
                #expect(response.head.headerFields[.allow] == "GET, HEAD")
                #expect(try response.json()["errorType"] == "error")
            }
            #expect(try await gateway.send(.get, "\(path)/more", authorization: .some(nil)).head.status == .notFound)
        }
    }

    @Test("is a page that runs only its own script and loads nothing from elsewhere")
    func page() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.send(.get, "/docs", authorization: .some(nil))
            let policy = try #require(response.head.headerFields[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; connect-src 'self'"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))

            let text = String(buffer: response.body)
            #expect(!text.contains("{{"))
            #expect(!text.contains("innerHTML"))
            #expect(!text.contains("://"))
            for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
                let contents = text.matches(of: try Regex("<\(element)[^>]*>((?s:.*?))</\(element)>", as: (Substring, Substring).self)).map(\.output.1)
                #expect(contents.count == 1)
                let digest = Data(SHA256.digest(of: (contents.first ?? "").utf8)).base64EncodedString()
                #expect(policy.contains("\(directive) 'sha256-\(digest)';"))
            }
        }
    }

    @Test("tells the truth about the answers that the gateway gives itself")
    func ownAnswers() async throws {
        try await TestGateway.run { settings in
            settings.clusters[0].dataOperation.dataTransfer = .s3(
                .init(
                    name: "s3", privateURL: Secret("http://private.example"), publicURL: "http://public.example", accessKeyID: Secret("id"),
                    secretAccessKey: Secret("secret"), region: "here", ttl: .seconds(60)))
            settings.clusters.append(settings.clusters[0])
            settings.clusters[1].name = "eiger"
            settings.clusters[1].dataOperation.dataTransfer = .wormhole(.init())
            settings.clusters[1].probing.services = [.ssh: .seconds(5)]
            settings.clusters.append(settings.clusters[0])
            settings.clusters[2].name = "santis"
            settings.clusters[2].dataOperation.dataTransfer = .streamer(.init())
        } _: { gateway in
            let api = try DescribedAPI()
            let systems = try await gateway.send(.get, "/status/systems").json()
            #expect(systems["systems"]?.array?.count == 3)
            #expect(try api.differences(of: systems, from: "GetSystemsResponse") == [])
            #expect(try api.differences(of: try await gateway.send(.get, "/status/liveness").json(), from: "GetLiveness") == [])
            #expect(try api.differences(of: try await gateway.send(.get, "/nowhere").json(), from: "ApiResponseError") == [])
        }
    }
}
