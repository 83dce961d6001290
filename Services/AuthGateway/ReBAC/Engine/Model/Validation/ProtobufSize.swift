/// Sizes in protobuf's wire format, of fields whose numbers are below 16, so that their tags have one byte. OpenFGA's limits count these bytes.
enum ProtobufSize {
    /// A field of this many bytes: its tag, its length as a varint of seven bits a byte, and itself.
    static func field(_ length: Int) -> Int {
        var (size, rest) = (2 + length, length >> 7)
        while rest > 0 {
            size += 1
            rest >>= 7
        }
        return size
    }

    /// A text that is a field of its own, and not one of several in a choice: it is not written when empty.
    static func field(_ text: String) -> Int { text.isEmpty ? 0 : field(text.utf8.count) }

    /// An entry of a map, which is a message of key and value.
    static func entry(_ key: String, _ value: Int) -> Int { field(field(key.utf8.count) + field(value)) }
}
