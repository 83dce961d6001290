import GoldcrestCryptography

/// A line that keeps the outputs of several commands of one exec apart; random, so that nothing which a job is called can imitate it.
enum OutputMarker {
    static func random() -> String {
        "goldcrest-\(SecureRandom.bytes(12).hexadecimal)"
    }
}
