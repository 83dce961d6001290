import Dispatch
import FoundationEssentials
import GoldcrestCryptography
import GoldcrestHTTPClient
import HTTPTypes
import NIOCore

/// Where the documents with the keys come from.
protocol KeyDocumentSource: Sendable {
    /// The document at a URL, at most ``JSONWebKeySet/maximumSize`` long.
    func document(at location: String) async throws -> [UInt8]
}

/// Why a document with keys could not be read. The message names the cause, not the place.
struct KeyDocumentError: Error, CustomStringConvertible {
    let message: String

    var description: String { message }
}

/// Documents from the web and from files.
struct KeyDocuments: KeyDocumentSource {
    /// For all of a download.
    static let deadline: Duration = .seconds(5)

    let client: HTTPClient

    /// - Parameter location: An `http`, `https` or `file` URL, or a path.
    func document(at location: String) async throws -> [UInt8] {
        let scheme = location.prefix { $0 != ":" }.lowercased()
        if scheme == "http" || scheme == "https" { return try await download(location) }
        let path = scheme == "file" ? URL(string: location)?.path(percentEncoded: false) : location
        guard let path, path.hasPrefix("/") else { throw KeyDocumentError(message: "it is neither a http, https or file URL nor a full path") }
        return try await read(path)
    }

    private func download(_ url: String) async throws -> [UInt8] {
        let request = HTTPClientRequest(url: url, headerFields: [.accept: "application/jwk-set+json, application/json"])
        let response = try await client.collect(request, upTo: JSONWebKeySet.maximumSize, deadline: Self.deadline)
        guard response.head.status == .ok else { throw KeyDocumentError(message: "the server answered \(response.head.status)") }
        return Array(response.body.readableBytesView)
    }

    /// A disk may be slow, and the threads of Swift's concurrency must not wait for it.
    private func read(_ path: String) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Self.contents(of: path) })
            }
        }
    }

    private static func contents(of path: String) throws -> [UInt8] {
        let attributes = try FileManager.default.attributesOfItem(atPath: URL(filePath: path).resolvingSymlinksInPath().path)
        guard attributes[.type] as? FileAttributeType == .typeRegular else { throw KeyDocumentError(message: "it is not a file") }
        guard let size = attributes[.size] as? Int, size <= JSONWebKeySet.maximumSize else {
            throw KeyDocumentError(message: "it is larger than \(JSONWebKeySet.maximumSize) bytes")
        }
        return Array(try Data(contentsOf: URL(filePath: path)))
    }
}
