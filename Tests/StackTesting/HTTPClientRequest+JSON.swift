import FoundationEssentials
public import GoldcrestHTTPClient
public import GoldcrestProtocol
import GoldcrestServiceKit
public import HTTPTypes
import NIOCore

extension HTTPClientRequest {
    /// A request with a query, and a body of JSON if there is one.
    public init(
        _ method: HTTPRequest.Method, _ url: String, query: [String: String] = [:], headerFields: HTTPFields = [:], json: JSONValue? = nil
    ) throws {
        let query = query.sorted { $0.key < $1.key }.map { "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode($0.value))" }
        var headerFields = headerFields
        var body = Body.none
        if let json {
            headerFields[.contentType] = "application/json"
            body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(json)))
        }
        self.init(
            method: method, url: query.isEmpty ? url : "\(url)?\(query.joined(separator: "&"))", headerFields: headerFields, body: body)
    }
}
