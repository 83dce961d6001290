import CLibCurl
import HTTPTypes
import NIOCore

extension EasyHandle {
    /// Bodies up to this size are copied by curl and sent together with the head, in one segment if possible.
    static let copiedBodyLimit = 64 * 1024

    /// Settings that all transfers of a client share.
    func apply(_ configuration: HTTPClient.Configuration) throws(CurlFailure) {
        try collectErrorText()
        try set(CURLOPT_NOSIGNAL, 1)
        // Cancelling must not wait for the resolver.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_TCP_NODELAY, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_BUFFERSIZE, 64 * 1024)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, 256 * 1024)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeout.wholeMilliseconds))
        try set(CURLOPT_MAXAGE_CONN, max(1, configuration.idleConnectionLifetime.wholeMilliseconds / 1000))
        switch configuration.proxy {
        case .none: try set(CURLOPT_PROXY, "")
        case .fromEnvironment: break
        case .url(let proxy): try set(CURLOPT_PROXY, proxy)
        }
        if let file = configuration.certificateAuthorityFile { try set(CURLOPT_CAINFO, file) }
    }

    /// Settings of one request, but for the callbacks.
    func apply(_ request: HTTPClientRequest, _ headerLines: HeaderLines) throws(CurlFailure) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_HTTPHEADER, pointer: headerLines.first)
        switch request.body {
        case .none: try applyEmptyBody(request.method)
        case .bytes(let bytes): try apply(bytes)
        case .stream(let length, _): try applyUpload(length: length)
        }
        // For HEAD it would make curl wait for a body.
        if request.method != .head, request.method != .get || !request.body.isNone {
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        if request.maximumRedirects > 0 {
            try set(CURLOPT_FOLLOWLOCATION, 1)
            try set(CURLOPT_MAXREDIRS, request.maximumRedirects)
            try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        }
    }

    private func applyEmptyBody(_ method: HTTPRequest.Method) throws(CurlFailure) {
        switch method {
        case .head: try set(CURLOPT_NOBODY, 1)
        // RFC 9110, 8.6: methods that are defined to have a body say when theirs is empty.
        case .post, .put, .patch: try apply(ByteBuffer())
        default: break
        }
    }

    private func apply(_ bytes: ByteBuffer) throws(CurlFailure) {
        guard bytes.readableBytes <= Self.copiedBodyLimit else { return try applyUpload(length: bytes.readableBytes) }
        try set(CURLOPT_POST, 1)
        try set(CURLOPT_POSTFIELDSIZE_LARGE, size: bytes.readableBytes)
        // An empty buffer may have no address, and without one curl would ask the callback for the body.
        guard bytes.readableBytes > 0 else { return try set(CURLOPT_COPYPOSTFIELDS, "") }
        let result = bytes.withUnsafeReadableBytes { goldcrest_easy_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
        try CurlFailure.check(result)
    }

    private func applyUpload(length: Int?) throws(CurlFailure) {
        try set(CURLOPT_UPLOAD, 1)
        if let length { try set(CURLOPT_INFILESIZE_LARGE, size: length) }
    }
}

extension HTTPClientRequest.Body {
    fileprivate var isNone: Bool {
        if case .none = self { true } else { false }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int {
        Int(min(max(0, components.seconds), 2_000_000)) * 1000 + Int(max(0, components.attoseconds) / 1_000_000_000_000_000)
    }
}
