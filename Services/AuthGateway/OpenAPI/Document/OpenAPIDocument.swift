import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// The description of the whole API that this gateway serves (OpenAPI 3.1).
///
/// It is written in Swift rather than as JSON: what all operations share is said once, references cannot lead nowhere, values that a type lists
/// come from that type, and the tests compare it with the routes and models of the services.
struct OpenAPIDocument {
    let json: JSONValue

    static let operations = Operation.status + Operation.compute + Operation.filesystem + Operation.transfer + Operation.transferTasks

    init(_ settings: Settings) {
        json = [
            "openapi": "3.1.0",
            "info": Self.info,
            "servers": Self.servers(settings),
            "tags": .array(APIRoute.Group.allCases.map(Self.tag)),
            "paths": Self.paths(requiredScopes: settings.auth.authorization?.requiredScopes ?? [:]),
            "components": Self.components(settings.auth),
        ]
    }

    /// The same settings always give the same bytes.
    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(json)
    }

    private static let info: JSONValue = [
        "title": "Goldcrest",
        "version": .string(GoldcrestVersion.api),
        "summary": "The FirecREST v2 API: jobs and files of supercomputers over HTTP.",
        "description": """
            Send `Authorization: Bearer <token>` with every request but those that say otherwise. Names of systems and paths of the API may be \
            written in any case, names of parameters may not. Fields of request bodies may be in camelCase or snake_case; `null` is the same as no field.

            Every error has one body, with `message` for people and `errorType` for programs; `data.fields` names what is wrong with a request's shape.

            Every answer carries `X-Request-ID` and `X-Correlation-ID` (your own if you send UUIDs), `F7T-AppVersion`, `F7T-Timestamp` and, once the \
            token is accepted, `F7T-AuthUsername`. Wherever GET is, HEAD is too.
            """,
    ]

    /// The root path comes first: whoever reads the document from the gateway reaches the API there, whatever the host is called.
    private static func servers(_ settings: Settings) -> JSONValue {
        var servers = settings.docServers
        let root = settings.apisRootPath
        if servers.isEmpty || !(root.isEmpty || servers.contains { $0.url == root }) {
            servers.insert(Settings.DocServer(url: root.isEmpty ? "/" : root), at: 0)
        }
        return .array(
            servers.map { server in
                var json: [String: JSONValue] = ["url": .string(server.url)]
                json["description"] = server.description.map(JSONValue.string)
                return .object(json)
            })
    }

    private static func tag(_ group: APIRoute.Group) -> JSONValue {
        let description =
            switch group {
            case .status: "Systems: what they are, whether they work, and who you are on them."
            case .compute: "Jobs: submit, follow, change and end them."
            case .filesystem: "Files: look at them and change them at once, within the time and size that a request may take."
            case .transfer: "Transfers: the same for much data. Each runs as a job, which the answer names."
            }
        return ["name": .string(group.rawValue), "description": .string(description)]
    }

    private static func paths(requiredScopes: [APIRoute.Permission: [String]]) -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for operation in operations {
            let permission = APIRoute.Permission(calling: operation.method, in: operation.group)
            let scopes = JSONValue.array(requiredScopes[permission, default: []].map(JSONValue.string))
            let security: JSONValue = [["APIAuthDependency": scopes], ["HTTPBearer": []]]
            paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] = operation.json(security: security)
        }
        return .object(paths.mapValues(JSONValue.object))
    }

    private static func components(_ auth: Auth) -> JSONValue {
        var schemas = Schema.errorBody.components
        var responses: [String: JSONValue] = [:]
        for operation in operations {
            for schema in operation.schemas { schemas.merge(schema.components) { first, _ in first } }
            for failure in operation.failures { responses[failure.sharedResponse.name] = failure.sharedResponse.json }
        }
        return ["schemas": .object(schemas), "responses": .object(responses), "securitySchemes": securitySchemes(auth)]
    }

    /// A token of the organisation's issuer; how to get one is for programs.
    private static func securitySchemes(_ auth: Auth) -> JSONValue {
        var scopes = auth.authentication.scopes
        for scope in (auth.authorization?.requiredScopes ?? [:]).values.joined() where scopes[scope] == nil {
            scopes[scope] = "Required by some operations."
        }
        return [
            "APIAuthDependency": [
                "type": "oauth2",
                "flows": [
                    "clientCredentials": [
                        "tokenUrl": .string(auth.authentication.tokenURL), "scopes": .object(scopes.mapValues(JSONValue.string)),
                    ]
                ],
            ],
            "HTTPBearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
        ]
    }
}
