import GoldcrestProtocol
import HTTPTypes
public import Hummingbird
public import NIOCore

extension Response {
    /// As much of an answer as is waited for before its head is sent, in bytes.
    private static let bufferedLength = 64 * 1024

    /// An answer with JSON text that comes in pieces. A short one goes out at once with its length, a longer one as its pieces come.
    ///
    /// - Parameter pieces: Gives the whole text. What it throws at the beginning, this throws; later it breaks the answer off.
    public static func json<Pieces: AsyncIteratorProtocol & Sendable>(_ pieces: Pieces) async throws -> Response where Pieces.Element == ByteBuffer {
        var pieces = pieces
        var start = ByteBuffer()
        while start.readableBytes <= bufferedLength {
            guard let piece = try await pieces.next() else { return Response(JSONDocument(bytes: start)) }
            start.writeImmutableBuffer(piece)
        }
        return Response(status: .ok, headers: [.contentType: "application/json"], body: body(start, then: pieces))
    }

    private static func body<Pieces: AsyncIteratorProtocol & Sendable>(
        _ start: ByteBuffer, then rest: Pieces
    ) -> ResponseBody where Pieces.Element == ByteBuffer {
        ResponseBody { writer in
            var rest = rest
            try await writer.write(start)
            while let piece = try await rest.next() { try await writer.write(piece) }
            try await writer.finish(nil)
        }
    }
}
