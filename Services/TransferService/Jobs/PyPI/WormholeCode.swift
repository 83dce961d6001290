import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestProtocol

/// What the two ends of a wormhole find each other by: a number, under which the mailbox server brings them together, and words that only they
/// know. Whoever has it before the other end does can take that one's place.
struct WormholeCode: Sendable, Equatable {
    let secret: Secret

    /// Reads a code that the user's `wormhole send` has given out.
    ///
    /// - Throws: ``APIError`` 400 if it is none. What it is stays unsaid: the code is a secret.
    init(_ text: String) throws(APIError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        let isCode =
            parts.count == 2 && Self.isNameplate(parts[0]) && (1...Self.maximumLength).contains(parts[1].count)
            && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.properties.generalCategory != .control }
        guard isCode else {
            throw APIError.validation([
                .init(
                    location: .body, name: "transferDirectives.wormholeCode",
                    message: "must be a code of `wormhole send`: a number, a dash and words without spaces, such as 7-crossover-clockwork")
            ])
        }
        secret = Secret(text)
    }

    private init(nameplate: Int, words: [Substring]) {
        secret = Secret("\(nameplate)-\(words.joined(separator: "-"))")
    }

    /// A code of our own.
    ///
    /// Servers give out the numbers below a million themselves; of the 900 million numbers of nine digits two hardly ever meet by chance, and if they
    /// do, the key exchange fails and nothing goes to the wrong place. A stranger has one guess at the words, after which the code is of no use any more
    /// (SPAKE2); six words, twice as many as people type gladly, leave that guess one chance in 2^48. Programs hand the code on.
    static func random() -> WormholeCode {
        let words = SecureRandom.bytes(6).enumerated().map { index, byte in
            (index.isMultiple(of: 2) ? WormholeWords.odd : WormholeWords.even)[Int(byte)]
        }
        var random = SystemRandomNumberGenerator()
        return WormholeCode(nameplate: Int.random(in: 100_000_000...999_999_999, using: &random), words: words)
    }

    /// The mailbox server takes numbers of up to 40 digits.
    private static func isNameplate(_ digits: some Collection<UInt8>) -> Bool {
        (1...40).contains(digits.count) && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Of the words, in bytes.
    private static let maximumLength = 200
}
