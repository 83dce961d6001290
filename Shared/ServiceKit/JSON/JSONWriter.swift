public import NIOCore

/// Puts JSON together value by value: for answers that are long or frequent, where a general encoder takes too much memory or time.
///
/// It sets the commas. That objects and arrays are closed, and that in an object every value has its key, is up to the caller.
public struct JSONWriter: Sendable {
    private var output = ByteBuffer()
    private var text = JSONTextEncoder()
    /// Whether a value stands in front of what comes next.
    private var needsComma = false

    public init() {}

    /// How much has been written since it was last taken, in bytes.
    public var count: Int { output.readableBytes }

    /// What has been written since it was last taken.
    public mutating func take() -> ByteBuffer {
        defer { output = ByteBuffer() }
        return output
    }

    // MARK: Values

    public mutating func beginObject() { open("{") }
    public mutating func endObject() { close("}") }
    public mutating func beginArray() { open("[") }
    public mutating func endArray() { close("]") }

    /// - Parameter name: Has nothing in it that JSON escapes.
    public mutating func key(_ name: StaticString) {
        separate()
        output.writeStaticString("\"")
        output.writeStaticString(name)
        output.writeStaticString("\":")
        needsComma = false
    }

    public mutating func string(_ value: String) {
        beginText()
        text.append(value, to: &output)
        endText()
    }

    public mutating func integer(_ value: Int) {
        separate()
        output.writeString(String(value))
        needsComma = true
    }

    public mutating func null() {
        separate()
        output.writeStaticString("null")
        needsComma = true
    }

    // MARK: Text in pieces

    /// Begins a string whose content comes by ``append(_:)`` and ends with ``endText()``.
    public mutating func beginText() { open("\"") }

    /// Bytes of the string; what isn't UTF-8 becomes U+FFFD.
    public mutating func append(_ bytes: ByteBuffer) {
        text.append(bytes, to: &output)
    }

    public mutating func endText() {
        text.finish(to: &output)
        close("\"")
    }

    private mutating func open(_ sign: StaticString) {
        separate()
        output.writeStaticString(sign)
        needsComma = false
    }

    private mutating func close(_ sign: StaticString) {
        output.writeStaticString(sign)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { output.writeStaticString(",") }
    }
}
