import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore

extension InternalClient {
    /// The longest error that is read, in bytes.
    private static let maximumError = 1 << 20

    /// Makes a call whose answer is a list of any length, and reads it while it arrives. Nothing is kept of the elements that are not wanted.
    ///
    /// - Parameters:
    ///   - list: The name of the answer's field that has the list.
    ///   - deadline: The longest wait for the end of the answer.
    ///   - isWanted: Whether an element, which is JSON, is to be read. The bytes are there only during the call.
    /// - Throws: ``APIError`` as the other service answered it, or 502 or 504 if it did not answer.
    public func elements<Element: Decodable & Sendable>(
        of list: String, in call: Call, as caller: Caller, identity: RequestIdentity = RequestIdentity(), deadline: Duration,
        where isWanted: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool
    ) async throws -> [Element] {
        try await withThrowingTaskGroup(of: [Element]?.self) { group in
            group.addTask {
                try await read(try await exchange(call, as: caller, identity: identity, deadline: deadline), list, of: call.service, where: isWanted)
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let elements = try await group.next().flatMap(\.self) else {
                throw APIError(.gatewayTimeout, "\(call.service.rawValue) does not answer in time")
            }
            return elements
        }
    }

    private func read<Element: Decodable>(
        _ exchange: HTTPExchange, _ list: String, of service: APIRoute.Destination, where isWanted: (UnsafeRawBufferPointer) -> Bool
    ) async throws -> [Element] {
        var elements: [Element] = []
        do {
            guard exchange.head.status.kind == .successful else {
                var body = ByteBuffer()
                for try await piece in exchange.body where body.readableBytes < Self.maximumError { body.writeImmutableBuffer(piece) }
                throw Self.error(HTTPClientResponse(head: exchange.head, body: body), of: service)
            }
            let decoder = JSONDecoder()
            var stream = JSONElementStream(array: list)
            for try await piece in exchange.body {
                try piece.withUnsafeReadableBytes { bytes in
                    try stream.read(bytes) { part, bytes in
                        guard case .element = part, isWanted(bytes) else { return }
                        elements.append(try decoder.decode(Element.self, from: Data(bytes)))
                    }
                }
            }
            try stream.finish()
        } catch let error as HTTPClientError {
            throw APIError(calling: service, error)
        } catch let error as APIError {
            throw error
        } catch {
            throw Self.unreadable(service, error)
        }
        return elements
    }
}
