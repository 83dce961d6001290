import GoldcrestProtocol
import GoldcrestShell

/// The commands that make and unpack archives.
enum ArchiveCommand {
    /// How much larger than an archive may be what is in it. Text compresses to a tenth; more is not unpacked by a request.
    static let maximumExpansion = 10

    /// - Parameters:
    ///   - limit: The most bytes that the files may have.
    ///   - word: Makes the names of temporary files unique.
    static func compress(_ request: ArchiveRequest, limit: Int, word: String) -> RemoteCommand {
        RemoteCommand(
            "sh", "-c", CompressScript.text, "compress", request.source.parent, Array(request.source.lastComponent), request.archive,
            request.archive.parent, word, request.compression.program ?? "", "\(limit)", request.dereferences ? "yes" : "",
            request.matchPattern ?? "")
    }

    /// - Parameters:
    ///   - limit: The most bytes that the archive may have.
    ///   - word: Makes the name of the temporary file unique.
    static func extract(
        _ archive: AbsolutePath, into directory: AbsolutePath, compression: Compression, limit: Int, word: String
    ) -> RemoteCommand {
        RemoteCommand(
            "sh", "-c", ExtractScript.text, "extract", archive, directory, word, compression.program ?? "", "\(limit)",
            "\(limit > .max / maximumExpansion ? .max - 1 : limit * maximumExpansion)")
    }
}

extension Compression {
    /// The program that compresses and, with `-dc`, unpacks; tar has an option of its name.
    fileprivate var program: String? {
        self == .none ? nil : rawValue
    }
}
