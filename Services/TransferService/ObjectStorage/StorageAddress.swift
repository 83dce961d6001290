import GoldcrestServiceKit

/// Where a storage is reached: the part of its URLs before the bucket, which stands in the path (path style).
struct StorageAddress: Sendable, Equatable {
    /// Scheme, host and port, as in `https://storage.example:9000`.
    let origin: String
    /// As clients send it in `Host`: with the port unless it is the scheme's own (RFC 9110, section 7.2).
    let host: String
    /// What all paths begin with: empty, or as in `/storage`, percent-encoded.
    let basePath: String

    /// - Returns: `nil` unless it is an http or https URL with a host and without user, query and fragment.
    init?(_ url: String) {
        guard let separator = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<separator.lowerBound].lowercased()
        let rest = url[separator.upperBound...]
        guard let ownPort = ["http": ":80", "https": ":443"][scheme], rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !rest.contains(where: "@?#".contains)
        else { return nil }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty else { return nil }
        var path = rest[authority.endIndex...]
        while path.last == "/" { path.removeLast() }
        // Clients differ in whether they send upper case as it is, so there is none.
        let server = authority.lowercased()
        host = server.hasSuffix(ownPort) ? String(server.dropLast(ownPort.count)) : server
        origin = "\(scheme)://\(server)"
        basePath = String(path)
    }

    /// The path of a bucket or an object, percent-encoded; the slashes of a key stay.
    func path(bucket: String, key: String? = nil) -> String {
        let bucketPath = "\(basePath)/\(PercentEncoding.encode(bucket))"
        guard let key else { return bucketPath }
        let segments = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return "\(bucketPath)/\(segments.map { PercentEncoding.encode($0) }.joined(separator: "/"))"
    }
}
