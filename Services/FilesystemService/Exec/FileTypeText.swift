import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// What `file --brief` prints. It succeeds even where it could not read the file and then says so in place of the type.
enum FileTypeText {
    /// - Throws: ``APIError`` 404 or 403 when `file` could not look into the file.
    static func read(_ output: ByteBuffer) throws(APIError) -> String {
        var text = String(buffer: output)
        if text.hasSuffix("\n") { text.removeLast() }
        let message = "Remote process failed with exit status:1 and error message:file: \(text)"
        if text.hasPrefix("cannot open `"), text.hasSuffix("(No such file or directory)") { throw APIError(.notFound, message) }
        if text.hasPrefix("cannot open `"), text.hasSuffix("(Permission denied)") {
            throw APIError(.forbidden, message)
        }
        if text.hasSuffix("no read permission") { throw APIError(.forbidden, "\(message) (Permission denied)") }
        if text.hasPrefix("cannot open `") { throw APIError(.badRequest, message) }
        return text
    }
}
