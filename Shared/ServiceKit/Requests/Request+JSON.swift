import FoundationEssentials
public import GoldcrestProtocol
import HTTPTypes
public import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

extension Request {
    /// Reads the body as one JSON object.
    ///
    /// - Parameter maximumBytes: The longest body to take.
    /// - Throws: ``APIError`` with status 400 if the body is not JSON of content type `application/json`, or not an object; 413 if it is too long.
    public func jsonObject(upTo maximumBytes: Int = 8 << 20) async throws -> [String: JSONValue] {
        guard isJSON else {
            throw APIError(.badRequest, "The body must be JSON, with the header Content-Type: application/json")
        }
        let buffer = try await bodyBytes(upTo: maximumBytes)
        switch try Self.decodeJSON(buffer) {
        case .object(let object): return object
        default:
            throw APIError.validation([.init(location: .body, name: "", message: "must be a JSON object")])
        }
    }

    private var isJSON: Bool {
        guard let contentType = headers[.contentType] else { return false }
        let mediaType = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        return mediaType == "application/json" || (mediaType.hasPrefix("application/") && mediaType.hasSuffix("+json"))
    }

    /// Reads the whole body.
    ///
    /// - Throws: ``APIError`` with status 413 if it is longer than `maximumBytes`; before reading, if its length was announced.
    public func bodyBytes(upTo maximumBytes: Int) async throws -> ByteBuffer {
        let tooLarge = APIError(.contentTooLarge, "The request's body is larger than \(maximumBytes) bytes")
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > maximumBytes { throw tooLarge }
        do {
            return try await body.collect(upTo: maximumBytes)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    static func decodeJSON(_ buffer: ByteBuffer) throws -> JSONValue {
        // First, because Foundation's decoder lets some texts pass that are no JSON, such as `[1,]`.
        if let problem = JSONSyntaxProblem.find(in: [UInt8](buffer.readableBytesView)) {
            throw APIError.validation([
                .init(location: .body, name: String(problem.offset), message: "is not valid JSON: it \(problem.message)")
            ])
        }
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(buffer: buffer))
        } catch {
            throw APIError.validation([.init(location: .body, name: "0", message: "is not valid JSON in UTF-8")])
        }
    }
}
