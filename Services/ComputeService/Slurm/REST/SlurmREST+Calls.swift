import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import NIOCore

extension SlurmREST {
    /// Seconds since 1970.
    static var now: Int { Int(Date().timeIntervalSince1970) }

    /// - Throws: ``APIError`` if the configuration names none.
    var apiVersion: SlurmRESTVersion {
        get throws {
            guard let version = SlurmRESTVersion(version) else {
                throw APIError(.internalServerError, "The configured api_version is none of slurmrestd's, which look like 0.0.42")
            }
            return version
        }
    }

    /// Sends a request and reads the answer as it arrives.
    ///
    /// - Parameters:
    ///   - list: The field of the answer whose elements are handed over one by one, and not kept.
    ///   - element: Reads one of them.
    /// - Throws: ``APIError`` if there is no answer that can be read: 503 if slurmrestd is not reached, 504 if it takes longer than `timeout`.
    ///   That slurmrestd refuses
    ///   what is asked is no error here.
    func send(
        _ call: RESTCall, as user: SchedulerUser, list: String = "", _ element: (inout JSONPullReader) throws -> Void = { _ in }
    ) async throws -> RESTReply {
        let deadline = ContinuousClock.now + timeout
        let request = try call.request(to: url, version: try apiVersion, as: user)
        do {
            let exchange = try await client.exchange(request, deadline: timeout)
            // The client's own deadline ends with the head of the answer.
            let alarm = Task {
                try await Task.sleep(until: deadline)
                exchange.cancel()
            }
            defer { alarm.cancel() }
            return try await read(exchange, list: list, element)
        } catch let error as HTTPClientError {
            try Task.checkCancellation()
            throw failure(error, isLate: ContinuousClock.now >= deadline)
        } catch let error as MalformedJSON {
            throw APIError(.badGateway, "slurmrestd's answer cannot be read: \(error.problem)")
        }
    }

    private func read(
        _ exchange: HTTPExchange, list: String, _ element: (inout JSONPullReader) throws -> Void
    ) async throws -> RESTReply {
        guard exchange.head.headerFields[.contentType]?.hasPrefix("application/json") == true else {
            throw refusal(exchange.head.status, inWords: try await Self.firstWords(of: exchange.body))
        }
        var reply = RESTReply(status: exchange.head.status)
        var stream = JSONElementStream(array: list)
        for try await piece in exchange.body {
            try piece.withUnsafeReadableBytes { bytes in
                try stream.read(bytes) { part, bytes in
                    switch part {
                    case .field(let name): try reply.take(name, bytes)
                    case .element:
                        var reader = JSONPullReader(bytes)
                        try element(&reader)
                    }
                }
            }
        }
        try stream.finish()
        return reply
    }

    /// What stands at the beginning of an answer that is no JSON, fit for a message.
    private static func firstWords(of body: HTTPExchangeBody) async throws -> String {
        var bytes: [UInt8] = []
        for try await piece in body {
            bytes.append(contentsOf: piece.readableBytesView.prefix(200 - bytes.count))
            if bytes.count == 200 { break }
        }
        let printable = String(decoding: bytes, as: UTF8.self).map { $0.isWhitespace || !$0.isASCII || $0 < " " ? " " : $0 }
        return String(printable).split(separator: " ").joined(separator: " ")
    }

    /// slurmrestd answers in plain text before it has found what is to answer; what stands in front of it may answer in HTML.
    private func refusal(_ status: HTTPResponse.Status, inWords words: String) -> APIError {
        switch status {
        case .unauthorized: RESTRefusal(status: status, complaints: []).apiError
        case .notFound:
            APIError(.internalServerError, "slurmrestd offers no API \(version) at the configured api_url, so api_version or api_url is wrong: \(words)")
        case .serviceUnavailable, .gatewayTimeout: APIError(status, "slurmrestd is not reached: \(words)")
        default: APIError(.badGateway, "slurmrestd answered with status \(status.code) and no JSON: \(words)")
        }
    }

    private var late: APIError { APIError(.gatewayTimeout, "slurmrestd did not answer within \(timeout / .seconds(1)) s") }

    private func failure(_ error: HTTPClientError, isLate: Bool) -> APIError {
        switch error.code {
        case .timedOut: late
        case .cancelled where isLate: late
        case .invalidURL, .invalidRequest: APIError(.internalServerError, "slurmrestd cannot be asked: \(error.message)")
        case .protocol: APIError(.badGateway, "slurmrestd's answer is not HTTP: \(error.message)")
        default: APIError(.serviceUnavailable, "slurmrestd is not reached: \(error.message)")
        }
    }
}
