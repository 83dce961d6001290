import GoldcrestCryptography

/// The name of a bucket.
struct BucketName: Sendable, Hashable, Codable, RawRepresentable {
    let rawValue: String

    /// A name that is known already, such as one that was written down.
    init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The bucket of a user: named like the user where a bucket may have that name, otherwise by what is legal of it and a digest of it.
    ///
    /// Different users have different buckets: a name that looks as if it had been made with a digest gets one of its own.
    init(ofUser user: String) {
        let bytes = Array(user.utf8)
        rawValue = Self.isLegal(bytes) && !Self.hasDigest(bytes) ? user : Self.madeName(of: bytes)
    }

    /// Half of a SHA-256, in hexadecimal digits: nobody finds two names with the same one.
    private static let digestLength = 32

    private static func madeName(of user: [UInt8]) -> String {
        var words: [UInt8] = []
        for byte in user where words.count < 63 - 1 - digestLength {
            if let character = legalCharacter(for: byte) {
                words.append(character)
            } else if words.last != hyphen, !words.isEmpty {
                words.append(hyphen)
            }
        }
        while words.last == hyphen { words.removeLast() }
        // No prefix that S3 keeps for itself can come of it.
        if words.isEmpty || reservedPrefixes.contains(where: words.starts) {
            words = Array("user-".utf8) + words.prefix(63 - 1 - digestLength - 5)
        }
        let digest = SHA256.digest(of: user).hexadecimal.prefix(digestLength)
        return String(decoding: words, as: UTF8.self) + (words.last == hyphen ? "" : "-") + digest
    }

    /// A letter in lower case or a digit.
    private static func legalCharacter(for byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case _ where isAlphanumeric(byte): byte
        default: nil
        }
    }

    private static func hasDigest(_ name: [UInt8]) -> Bool {
        let end = name.suffix(digestLength + 1)
        return end.count == digestLength + 1 && end.first == hyphen
            && end.dropFirst().allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }

    // MARK: - The rules

    private static let hyphen = UInt8(ascii: "-")
    private static let dot = UInt8(ascii: ".")
    private static let reservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"].map { Array($0.utf8) }
    private static let reservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].map { Array($0.utf8) }

    /// Amazon S3 User Guide, “General purpose bucket naming rules”, and that no label between dots begins or ends with a hyphen, as older
    /// versions of these rules and MinIO want it.
    private static func isLegal(_ name: [UInt8]) -> Bool {
        guard (3...63).contains(name.count) else { return false }
        let labels = name.split(separator: dot, omittingEmptySubsequences: false)
        guard labels.allSatisfy(isLabel), !isAddress(labels) else { return false }
        return !reservedPrefixes.contains(where: name.starts) && !reservedSuffixes.contains { name.suffix($0.count).elementsEqual($0) }
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard let first = label.first, let last = label.last, isAlphanumeric(first), isAlphanumeric(last) else { return false }
        return label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
    }

    /// Whether it looks like an IPv4 address.
    private static func isAddress(_ labels: [ArraySlice<UInt8>]) -> Bool {
        labels.count == 4 && labels.allSatisfy { $0.count <= 3 && $0.allSatisfy(isDigit) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
