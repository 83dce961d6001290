import GoldcrestServiceKit

/// A form with one file, as clients send it.
public struct MultipartForm {
    public static let boundary = "----goldcrest7MA4YWxkTrZu0gW"

    public let bytes: [UInt8]
    public var contentType: String { "multipart/form-data; boundary=\(Self.boundary)" }

    public init(fileName: String, content: [UInt8]) {
        bytes = Self.head(fileName: fileName) + content + Array("\r\n--\(Self.boundary)--\r\n".utf8)
    }

    /// A form for a name that need not be text.
    ///
    /// What cannot stand between quotes is percent-encoded, as browsers and curl do, and a backslash doubled, so that none stands before a quote.
    /// A percent sign is left alone by all of them: a name that holds the escape of such a byte cannot be sent this way.
    public init(fileName: [UInt8], content: [UInt8]) {
        let escaped = fileName.flatMap { byte -> [UInt8] in
            switch byte {
            case ..<0x20, UInt8(ascii: "\""): Array(PercentEncoding.encode([byte]).utf8)
            case UInt8(ascii: "\\"): [byte, byte]
            default: [byte]
            }
        }
        bytes = Self.head(escapedFileName: escaped) + content + Array("\r\n--\(Self.boundary)--\r\n".utf8)
    }

    /// Everything before the content.
    public static func head(fileName: String) -> [UInt8] {
        // As browsers write it.
        let escaped = fileName.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\"": text += "%22"
            case "\n": text += "%0A"
            case "\r": text += "%0D"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return head(escapedFileName: Array(escaped.utf8))
    }

    private static func head(escapedFileName: [UInt8]) -> [UInt8] {
        Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"".utf8) + escapedFileName
            + Array("\"\r\nContent-Type: application/octet-stream\r\n\r\n".utf8)
    }
}
