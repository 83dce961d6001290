import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore

/// The standard output of a remote command, line by line.
struct ProcessLines {
    private let process: RemoteProcess
    private let maximumLength: Int
    private var buffer = ByteBuffer()
    /// How many of the buffer's bytes are known to hold no line end.
    private var searched = 0

    init(_ process: RemoteProcess, maximumLength: Int) {
        self.process = process
        self.maximumLength = maximumLength
    }

    /// The next line without its end; nil when the output ends before.
    ///
    /// - Throws: ``APIError`` 500 for a line that is too long, which only another program than the expected one writes.
    mutating func next() async throws -> ByteBuffer? {
        while true {
            let view = buffer.readableBytesView
            if let end = view.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer.readSlice(length: end - view.startIndex)
                buffer.moveReaderIndex(forwardBy: 1)
                buffer.discardReadBytes()
                searched = 0
                return line
            }
            searched = view.count
            guard searched <= maximumLength else { throw APIError(.internalServerError, "The remote process printed a line that isn't understood") }
            guard let bytes = try await process.nextOutput() else { return nil }
            buffer.writeImmutableBuffer(bytes)
        }
    }
}
