import GoldcrestConfiguration
import HTTPTypes
import Logging

/// The headers of requests that the log shows (`logger.loggable_request_headers`); never one that carries credentials.
struct LoggedHeaders {
    /// What a header's value is truncated to, in characters: clients may send anything.
    private static let maximumLength = 256

    private let headers: [(name: HTTPField.Name, field: String)]

    init(_ settings: LoggerSettings) {
        headers = settings.loggableRequestHeaders.compactMap { header in
            guard let name = HTTPField.Name(header.input), ![.authorization, .proxyAuthorization, .cookie].contains(name) else { return nil }
            return (name, header.output)
        }
    }

    func metadata(of headerFields: HTTPFields) -> Logger.Metadata {
        headers.reduce(into: [:]) { metadata, header in
            if let value = headerFields[header.name] { metadata[header.field] = "\(value.prefix(Self.maximumLength))" }
        }
    }
}
