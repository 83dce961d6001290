public import HTTPTypes
public import NIOCore

/// A request as ``HTTPClient`` sends it.
public struct HTTPClientRequest: Sendable {
    public enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        /// Read once, as fast as the server takes it, and never held in memory as a whole.
        ///
        /// With a length the request has that `Content-Length`, and a sequence that gives more or fewer bytes fails the exchange; without one it
        /// goes out chunked.
        case stream(length: Int?, any AsyncSequence<ByteBuffer, any Error> & Sendable)
    }

    public var method: HTTPRequest.Method
    /// An absolute http or https URL in ASCII. Path and query are sent byte by byte as they are; a fragment is not sent.
    public var url: String
    /// Sent in this order.
    ///
    /// `Host`, `Content-Length`, `Transfer-Encoding` and `Expect` follow from the URL and the body; such fields in here are left out. Nothing else
    /// is added but the configured user agent where there is none.
    public var headerFields: HTTPFields
    public var body: Body
    /// How many redirects are followed; with none, a redirect is a response like any other.
    public var maximumRedirects = 0

    public init(
        method: HTTPRequest.Method = .get, url: String, headerFields: HTTPFields = [:], body: Body = .none
    ) {
        self.method = method
        self.url = url
        self.headerFields = headerFields
        self.body = body
    }
}

extension HTTPClientRequest {
    /// Whether sending it twice does no more than sending it once (RFC 9110, 9.2.2).
    var isIdempotent: Bool {
        switch method {
        case .get, .head, .put, .delete, .options, .trace: true
        default: false
        }
    }

    /// More than any server takes.
    private static let maximumURLBytes = 1 << 20

    /// Refuses what curl would send although it must not go out.
    func validate() throws(HTTPClientError) {
        guard url.utf8.count <= Self.maximumURLBytes else {
            throw HTTPClientError(.invalidURL, "the URL is longer than \(Self.maximumURLBytes) bytes")
        }
        // Control characters and spaces could end the request line early, and curl would cut the text at a NUL.
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HTTPClientError(.invalidURL, "the URL has a space, control or non-ASCII character; percent-encode it")
        }
        // curl guesses a missing scheme.
        let scheme = url.prefix(8).lowercased()
        guard scheme.hasPrefix("http://") || scheme == "https://" else {
            throw HTTPClientError(.invalidURL, "the URL must begin with http:// or https://")
        }
        if method == .head, case .none = body { return }
        guard method != .head else {
            throw HTTPClientError(.invalidRequest, "a HEAD request cannot have a body")
        }
        if case .stream(.some(..<0), _) = body {
            throw HTTPClientError(.invalidRequest, "the length of the request's body is negative")
        }
    }

    /// Method and server, for messages: all of the URL that holds no secret.
    var summary: String {
        var rest = url[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        return "\(method.rawValue) to \(authority)"
    }
}
