import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import NIOCore
import StackTesting

/// A request for a file operation within a tree of files, wherever that is.
struct FileRequest: Sendable, CustomStringConvertible {
    var method: HTTPRequest.Method
    var operation: String
    /// Below the tree; nil leaves the parameter `path` out of the query.
    var path: [UInt8]?
    var query: [String: String] = [:]
    var headers: HTTPFields = [:]
    /// Strings that begin with `/` are paths below the tree.
    var json: [String: JSONValue]?
    /// What is uploaded as the name.
    var file: (name: [UInt8], content: [UInt8])?

    static func get(_ operation: String, _ path: [UInt8], _ query: [String: String] = [:], headers: HTTPFields = [:]) -> FileRequest {
        FileRequest(method: .get, operation: operation, path: path, query: query, headers: headers)
    }

    static func get(_ operation: String, _ path: String, _ query: [String: String] = [:], headers: HTTPFields = [:]) -> FileRequest {
        get(operation, Array(path.utf8), query, headers: headers)
    }

    static func change(_ method: HTTPRequest.Method, _ operation: String, _ json: [String: JSONValue]) -> FileRequest {
        FileRequest(method: method, operation: operation, json: json)
    }

    static func remove(_ path: String) -> FileRequest {
        FileRequest(method: .delete, operation: "rm", path: Array(path.utf8))
    }

    static func upload(_ name: String, _ content: [UInt8] = Array("new\n".utf8), to directory: String = "") -> FileRequest {
        FileRequest(method: .post, operation: "upload", path: Array(directory.utf8), file: (Array(name.utf8), content))
    }

    var description: String {
        var parts = ["\(method) \(operation)"]
        if let path { parts.append("path=\(PercentEncoding.encode(path))") }
        parts += query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        parts += (json ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        parts += headers.map { "\($0.name): \($0.value)" }
        if let file { parts.append("\(PercentEncoding.encode(file.name)) of \(file.content.count) bytes") }
        return parts.joined(separator: " ")
    }

    /// The request for the tree at a path.
    func request(to fixture: FilesystemFixture, tree: String) throws -> HTTPClientRequest {
        var pairs = query.sorted { $0.key < $1.key }.map { "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode($0.value))" }
        if let path { pairs.append("path=\(PercentEncoding.encode(Array(tree.utf8) + (path.isEmpty ? [] : Array("/".utf8) + path)))") }
        var headers = headers
        var body: HTTPClientRequest.Body?
        if let file {
            let form = MultipartForm(fileName: file.name, content: file.content)
            headers[.contentType] = form.contentType
            body = .bytes(ByteBuffer(bytes: form.bytes))
        }
        let json = json?.mapValues { value -> JSONValue in
            guard case .string(let text) = value, text.hasPrefix("/") else { return value }
            return .string(tree + text)
        }
        return try fixture.request(
            method, operation, rawQuery: pairs.isEmpty ? nil : pairs.joined(separator: "&"), headers: headers, json: json, body: body)
    }
}
