import CLibCurl
import HTTPTypes

/// The header lines of one request in curl's own form. Made by the caller, so that the transfer thread has less to do.
///
/// `@unchecked Sendable`: the list never changes after `init`; curl reads it on the transfer thread and never frees it.
final class HeaderLines: @unchecked Sendable {
    /// Owned by this object, freed in `deinit`.
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    private static let host = HTTPField.Name(parsed: "host")

    /// - Throws: ``HTTPClientError/Code/invalidRequest`` for a value with a line break or NUL.
    init(_ request: HTTPClientRequest, userAgent: String?) throws(HTTPClientError) {
        var has = Defaults()
        var line: [UInt8] = []
        line.reserveCapacity(256)
        for field in request.headerFields {
            switch field.name {
            case Self.host, .contentLength, .transferEncoding, .expect: continue
            case .accept: has.accept = true
            case .contentType: has.contentType = true
            case .userAgent: has.userAgent = true
            default: break
            }
            try append(field, using: &line)
        }
        // A name with a colon and no value keeps curl from adding a header of its own.
        if !has.accept { try append("Accept:") }
        if !has.contentType { try append("Content-Type:") }
        try append("Expect:")
        if let userAgent, !has.userAgent {
            try append(HTTPField(name: .userAgent, value: userAgent), using: &line)
        }
    }

    deinit {
        curl_slist_free_all(first)
    }

    private struct Defaults {
        var accept = false
        var contentType = false
        var userAgent = false
    }

    private func append(_ field: HTTPField, using line: inout [UInt8]) throws(HTTPClientError) {
        line.removeAll(keepingCapacity: true)
        line.append(contentsOf: field.name.rawName.utf8)
        let isValid = field.withUnsafeBytesOfValue { value in
            // curl's way to say that a header is sent without a value
            line.append(UInt8(ascii: value.isEmpty ? ";" : ":"))
            if !value.isEmpty { line.append(UInt8(ascii: " ")) }
            line.append(contentsOf: value)
            return value.allSatisfy { $0 != 0 && $0 != 0x0A && $0 != 0x0D }
        }
        guard isValid else {
            throw HTTPClientError(.invalidRequest, "the value of the header \(field.name) has a line break or NUL")
        }
        line.append(0)
        let extended = line.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { curl_slist_append(first, $0.baseAddress) }
        }
        try adopt(extended)
    }

    private func append(_ line: StaticString) throws(HTTPClientError) {
        let extended = line.withUTF8Buffer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { curl_slist_append(first, $0.baseAddress) }
        }
        try adopt(extended)
    }

    private func adopt(_ extended: UnsafeMutablePointer<curl_slist>?) throws(HTTPClientError) {
        guard let extended else { throw HTTPClientError(.unavailable, "out of memory for the request's headers") }
        first = extended
    }
}
