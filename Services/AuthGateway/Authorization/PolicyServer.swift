import FoundationEssentials
import GoldcrestHTTPClient
import HTTPTypes
import NIOCore
import NIOFoundationEssentialsCompat

/// A server that a policy asks over HTTP.
struct PolicyServer: Sendable {
    /// Limits the connections to it; who gets none in time is not answered.
    let client: HTTPClient
    let url: String
    /// For one question, with all waiting.
    let timeout: Duration

    /// Bytes; more is no answer to any question.
    private static let largestAnswer = 64 << 10

    /// Why there is no answer.
    struct Silence: Error {
        let reason: String
    }

    /// Posts a question as JSON.
    ///
    /// - Parameter token: Sent as a bearer token.
    func answer(to question: some Encodable & Sendable, token: String?) async -> Result<HTTPClientResponse, Silence> {
        let end = ContinuousClock.now + timeout
        var request = HTTPClientRequest(method: .post, url: url, headerFields: [.contentType: "application/json"])
        if let token { request.headerFields[.authorization] = "Bearer \(token)" }
        do {
            request.body = .bytes(ByteBuffer(data: try JSONEncoder().encode(question)))
            do {
                return .success(try await client.collect(request, upTo: Self.largestAnswer, deadline: timeout))
            } catch let error as HTTPClientError where error.code == .connectionFailed {
                // Servers close idle connections while requests are on their way. A question may be asked twice.
                return .success(try await client.collect(request, upTo: Self.largestAnswer, deadline: ContinuousClock.now.duration(to: end)))
            }
        } catch let error as HTTPClientError {
            return .failure(Silence(reason: error.message))
        } catch {
            return .failure(Silence(reason: "the question could not be written"))
        }
    }
}
