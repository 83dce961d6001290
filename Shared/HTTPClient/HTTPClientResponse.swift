public import HTTPTypes
public import NIOCore

/// A response with its whole body.
public struct HTTPClientResponse: Sendable {
    public var head: HTTPResponse
    public var body: ByteBuffer

    public init(head: HTTPResponse, body: ByteBuffer) {
        self.head = head
        self.body = body
    }
}
