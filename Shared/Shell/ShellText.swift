/// Text for a shell as it is put together: mostly text, but the names in it may be any bytes.
struct ShellText: Sendable, ExpressibleByStringInterpolation {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(stringLiteral value: String) {
        bytes = Array(value.utf8)
    }

    init(stringInterpolation: StringInterpolation) {
        bytes = stringInterpolation.bytes
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) {
            bytes += literal.utf8
        }

        mutating func appendInterpolation(_ text: String) {
            bytes += text.utf8
        }

        mutating func appendInterpolation(_ text: ShellText) {
            bytes += text.bytes
        }
    }
}

extension Sequence<ShellText> {
    func joined(separator: String) -> ShellText {
        ShellText(Array(lazy.map(\.bytes).joined(separator: separator.utf8)))
    }
}
