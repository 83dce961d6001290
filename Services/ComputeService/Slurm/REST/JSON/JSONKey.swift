import GoldcrestServiceKit

/// The name of a field while its object is read: compared as bytes, so that no string is made of the many that nobody asks for.
struct JSONKey {
    /// What stands between the quotes.
    private let bytes: UnsafeRawBufferPointer
    private let hasEscapes: Bool

    init(_ bytes: UnsafeRawBufferPointer, hasEscapes: Bool) {
        self.bytes = bytes
        self.hasEscapes = hasEscapes
    }

    /// For `switch key { case "job_id": … }`.
    static func ~= (name: StaticString, key: JSONKey) -> Bool {
        guard !key.hasEscapes else { return key.text == name.description }
        let count = name.utf8CodeUnitCount
        guard key.bytes.count == count else { return false }
        for index in 0..<count where key.bytes[index] != name.utf8Start[index] { return false }
        return true
    }

    /// `nil` if it has an escape that is none.
    var text: String? { JSONText.decode(bytes, hasEscapes: hasEscapes) }
}
