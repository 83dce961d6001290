import FoundationEssentials
public import GoldcrestHTTPClient
public import GoldcrestProtocol
public import HTTPTypes
import NIOCore
import NIOFoundationEssentialsCompat

/// Calls the other services as the gateway does: with a signed call context and the user's token.
public struct InternalClient: Sendable {
    /// For whom a call is made.
    public struct Caller: Sendable {
        public let user: String
        /// The user's own token.
        public let token: String

        public init(user: String, token: String) {
            self.user = user
            self.token = token
        }
    }

    /// One call of an operation of another service.
    public struct Call: Sendable {
        public var method: HTTPRequest.Method
        public var service: APIRoute.Destination
        /// Begins with a slash; its variable parts are percent-encoded already.
        public var path: String
        public var query: [(name: String, value: String)]
        public var body: JSONValue?
        public var system: String

        public init(
            _ method: HTTPRequest.Method, _ service: APIRoute.Destination, _ path: String, system: String,
            query: [(name: String, value: String)] = [], body: JSONValue? = nil
        ) {
            self.method = method
            self.service = service
            self.path = path
            self.query = query
            self.body = body
            self.system = system
        }
    }

    /// The longest answer that is taken, in bytes: all jobs of a large system.
    private static let maximumAnswer = 256 << 20

    private let client: HTTPClient
    private let signer: CallContextSigner
    private let addresses: [APIRoute.Destination: String]

    /// - Parameters:
    ///   - signer: Signs in the name of the service that calls.
    ///   - addresses: The base URLs of the services, without a slash at the end.
    public init(client: HTTPClient, signer: CallContextSigner, addresses: [APIRoute.Destination: String]) {
        self.client = client
        self.signer = signer
        self.addresses = addresses
    }

    /// Makes a call and reads its answer.
    ///
    /// - Parameter deadline: The longest wait for the answer.
    /// - Throws: ``APIError`` as the other service answered it, or 502 or 504 if it did not answer.
    public func call<Answer: Decodable>(
        _ call: Call, as caller: Caller, identity: RequestIdentity = RequestIdentity(), deadline: Duration = .seconds(30),
        returning: Answer.Type = Answer.self
    ) async throws -> Answer {
        let body = try await answer(to: call, as: caller, identity: identity, deadline: deadline)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(buffer: body))
        } catch {
            throw Self.unreadable(call.service, error)
        }
    }

    /// Makes a call whose answer has no body.
    public func call(
        _ call: Call, as caller: Caller, identity: RequestIdentity = RequestIdentity(), deadline: Duration = .seconds(30)
    ) async throws {
        _ = try await answer(to: call, as: caller, identity: identity, deadline: deadline)
    }

    private func answer(
        to call: Call, as caller: Caller, identity: RequestIdentity, deadline: Duration
    ) async throws -> ByteBuffer {
        let response: HTTPClientResponse
        do {
            response = try await client.collect(try request(call, caller, identity), upTo: Self.maximumAnswer, deadline: deadline)
        } catch let error as HTTPClientError {
            throw APIError(calling: call.service, error)
        }
        guard response.head.status.kind == .successful else {
            throw Self.error(response, of: call.service)
        }
        return response.body
    }

    /// Makes a call, whose answer the caller reads.
    func exchange(_ call: Call, as caller: Caller, identity: RequestIdentity, deadline: Duration) async throws -> HTTPExchange {
        do {
            return try await client.exchange(try request(call, caller, identity), deadline: deadline)
        } catch let error as HTTPClientError {
            throw APIError(calling: call.service, error)
        }
    }

    private func request(_ call: Call, _ caller: Caller, _ identity: RequestIdentity) throws -> HTTPClientRequest {
        guard let address = addresses[call.service] else {
            throw APIError(.badGateway, "\(call.service.rawValue) is not configured")
        }
        let query = call.query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        var headerFields = HTTPFields()
        headerFields[.authorization] = "Bearer \(caller.token)"
        headerFields[.requestID] = identity.requestID
        headerFields[.correlationID] = identity.correlationID
        headerFields[.callContext] = try signer.headerValue(user: caller.user, system: call.system)
        var body = HTTPClientRequest.Body.none
        if let json = call.body {
            headerFields[.contentType] = "application/json"
            body = .bytes(ByteBuffer(data: try JSONEncoder().encode(json)))
        }
        return HTTPClientRequest(
            method: call.method, url: "\(address)\(call.path)\(query.isEmpty ? "" : "?\(query)")", headerFields: headerFields, body: body)
    }

    static func unreadable(_ service: APIRoute.Destination, _ error: any Error) -> APIError {
        APIError(.badGateway, "\(service.rawValue) gave an answer that cannot be read", causes: ["\(error)"])
    }

    static func error(_ response: HTTPClientResponse, of service: APIRoute.Destination) -> APIError {
        guard let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(buffer: response.body)) else {
            return APIError(.badGateway, "\(service.rawValue) answered \(response.head.status.code)")
        }
        return APIError(response.head.status, body.message, causes: body.causedBy ?? [], fields: body.data?.fields ?? [])
    }
}

extension InternalClient.Caller: CustomStringConvertible, CustomReflectable {
    public var description: String { user }

    /// The token stays out of dumps.
    public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
}

extension APIError {
    /// What a client is told when a service does not answer: 504 for silence, 502 for anything else.
    public init(calling service: APIRoute.Destination, _ error: HTTPClientError) {
        switch error.code {
        case .timedOut: self.init(.gatewayTimeout, "\(service.rawValue) does not answer in time")
        case .requestBodyFailed: self.init(.badRequest, "The request's body ended early")
        default: self.init(.badGateway, "\(service.rawValue) cannot be reached", causes: [error.message])
        }
    }
}
