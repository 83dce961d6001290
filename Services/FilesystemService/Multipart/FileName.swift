import GoldcrestProtocol
import HTTPTypes

/// The name of an uploaded file: one component of a path.
enum FileName {
    /// Checks a name that a client gives.
    ///
    /// - Throws: ``APIError`` 400 for a name that isn't exactly one component, or that no Linux file system takes.
    static func checked(_ name: String) throws(APIError) -> String {
        guard !name.isEmpty, name != ".", name != ".." else {
            throw APIError(.badRequest, "The file name is empty or names a directory")
        }
        guard !name.utf8.contains(UInt8(ascii: "/")) else {
            throw APIError(.badRequest, "The file name contains a slash: it must be a single name, its directory goes into the parameter path")
        }
        guard !name.utf8.contains(0) else { throw APIError(.badRequest, "The file name contains a NUL byte") }
        guard name.utf8.count <= 255 else { throw APIError(.badRequest, "The file name is longer than 255 bytes") }
        return name
    }
}
