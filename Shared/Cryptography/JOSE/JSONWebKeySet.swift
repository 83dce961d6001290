import FoundationEssentials

/// The keys of an issuer of tokens (RFC 7517 section 5).
public struct JSONWebKeySet: Sendable {
    /// The largest document that is read, in bytes. The sets of large issuers have some tens of kilobytes.
    public static let maximumSize = 1 << 20

    /// The keys that verify signatures, in the document's order.
    public let keys: [VerificationKey]
    /// The keys that were left out, each by its `kid` or its place, with the reason.
    public let skipped: [String]

    /// - Parameters:
    ///   - json: The document.
    ///   - defaultAlgorithm: The name of the algorithm of keys without `alg` whose type it fits. The others' follows from their type: RSA →
    ///     RS256, EC → ES256, ES384 or ES512 by the curve, OKP on Ed25519 → EdDSA, oct → HS256.
    /// - Throws: ``CryptographyError`` with the code `malformedKeySet` when the document is no key set, is too large or too deep, and with
    ///   `unsupportedAlgorithm` for an unknown `defaultAlgorithm`. A single unusable key is no error.
    public init(parsing json: [UInt8], defaultAlgorithm: String?) throws {
        guard json.count <= Self.maximumSize else {
            throw CryptographyError(
                .malformedKeySet, "A key set of \(json.count) bytes is refused, it may have \(Self.maximumSize)")
        }
        let algorithm = try defaultAlgorithm.map { name throws(CryptographyError) in
            guard let algorithm = SignatureAlgorithm(rawValue: name) else {
                throw CryptographyError(.unsupportedAlgorithm, "\(name.debugDescription) is not a supported signature algorithm")
            }
            return algorithm
        }
        let document: Document
        do {
            // The decoder gives up at 512 levels, so a deeply nested document cannot exhaust the stack.
            document = try JSONDecoder().decode(Document.self, from: Data(json))
        } catch {
            throw CryptographyError(.malformedKeySet, "The document is not a JSON Web Key Set: it needs a list named keys")
        }

        var keys: [VerificationKey] = []
        var skipped: [String] = []
        for (index, entry) in document.keys.enumerated() {
            guard let key = entry.key else {
                skipped.append("key number \(index + 1): it is not a JSON Web Key")
                continue
            }
            do {
                keys.append(try key.verificationKey(defaultAlgorithm: algorithm))
            } catch {
                skipped.append("\(key.keyID.map { "key \($0.debugDescription)" } ?? "key number \(index + 1)"): \(error.message)")
            }
        }
        self.keys = keys
        self.skipped = skipped
    }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    /// An element of the list, whatever it is: one that is wrong must not take the others with it.
    private struct Entry: Decodable {
        let key: JSONWebKey?

        init(from decoder: any Decoder) throws {
            key = try? JSONWebKey(from: decoder)
        }
    }
}
