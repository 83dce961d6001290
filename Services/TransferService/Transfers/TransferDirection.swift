import GoldcrestProtocol

/// Which way a file goes between the user's machine and the system.
enum TransferDirection: Sendable, Equatable {
    case upload(to: AbsolutePath)
    case download(from: AbsolutePath)

    /// - Parameter fileSize: In bytes, where it was announced.
    func request(by method: TransferMethod, account: String?, fileSize: Int? = nil) -> TransferRequest {
        switch self {
        case .upload(let target):
            TransferRequest(operation: .upload, targetPath: target.string, account: account, transferMethod: method, fileSize: fileSize)
        case .download(let source):
            TransferRequest(operation: .download, sourcePath: source.string, account: account, transferMethod: method)
        }
    }

    /// Looks whether the file can be written or read.
    func inspect(_ files: UserFiles) async throws {
        switch self {
        case .upload(let target): try await files.requirePlace(forFileAt: target)
        case .download(let source): try await files.requireReadableFile(source)
        }
    }
}
