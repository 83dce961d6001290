/// A form with one file, as clients send it.
public struct MultipartForm {
    public static let boundary = "----goldcrest7MA4YWxkTrZu0gW"

    public let bytes: [UInt8]
    public var contentType: String { "multipart/form-data; boundary=\(Self.boundary)" }

    public init(fileName: String, content: [UInt8]) {
        bytes = Self.head(fileName: fileName) + content + Array("\r\n--\(Self.boundary)--\r\n".utf8)
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
        return Array(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(escaped)\"\r\nContent-Type: application/octet-stream\r\n\r\n".utf8)
    }
}
