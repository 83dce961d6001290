import GoldcrestProtocol
import HTTPTypes

/// The name of an uploaded file: one component of a path. Any bytes but NUL and the slash.
struct FileName: Sendable, Equatable {
    let bytes: [UInt8]

    /// Checks a name that a client gives.
    ///
    /// - Throws: ``APIError`` 400 for a name that isn't exactly one component, or that no Linux file system takes.
    init(_ bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty, !bytes.elementsEqual(".".utf8), !bytes.elementsEqual("..".utf8) else {
            throw APIError(.badRequest, "The file name is empty or names a directory")
        }
        guard !bytes.contains(UInt8(ascii: "/")) else {
            throw APIError(.badRequest, "The file name contains a slash: it must be a single name, its directory goes into the parameter path")
        }
        guard !bytes.contains(0) else { throw APIError(.badRequest, "The file name contains a NUL byte") }
        guard bytes.count <= 255 else { throw APIError(.badRequest, "The file name is longer than 255 bytes") }
        self.bytes = bytes
    }
}
