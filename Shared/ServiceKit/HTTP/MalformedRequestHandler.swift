import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Answers what is no HTTP request, or has a header that is too long, with the API's error body, and ends the connection.
///
/// Hummingbird answers these before any responder is asked, without a body. An error inside of a request is left to whoever reads its body.
final class MalformedRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long the rest of what the client sends is read and dropped. If the connection were closed with bytes unread, the client's kernel would
    /// drop the answer.
    private static let lingering = TimeAmount.seconds(2)

    private var unansweredRequests = 0
    private var hasRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if hasRefused { return }
        if case .head = unwrapInboundIn(data) { unansweredRequests += 1 }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unansweredRequests -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if hasRefused { return }
        guard unansweredRequests == 0, let refusal = APIError(malformedRequest: error) else {
            context.fireErrorCaught(error)
            return
        }
        hasRefused = true
        refuse(refusal, context)
    }

    private func refuse(_ refusal: APIError, _ context: ChannelHandlerContext) {
        let identity = RequestIdentity()
        let body = (try? JSONEncoder().encode(refusal.body(user: nil))).map { ByteBuffer(bytes: $0) } ?? ByteBuffer()
        let headerFields: HTTPFields = [
            .contentType: "application/json", .contentLength: String(body.readableBytes), .connection: "close",
            .requestID: identity.requestID, .correlationID: identity.correlationID,
        ]
        context.write(wrapOutboundOut(.head(HTTPResponse(status: refusal.status, headerFields: headerFields))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: Self.lingering) { channel.close(mode: .all, promise: nil) }
    }
}

extension APIError {
    /// What is told of a request that could not be read; `nil` for errors of the connection itself.
    fileprivate init?(malformedRequest error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow:
            self.init(.requestHeaderFieldsTooLarge, "The request's line or header is too long")
        case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection:
            return nil
        case is HTTPParserError, is HTTP1TypeConversionError:
            self.init(.badRequest, "This is not a valid HTTP/1.1 request")
        default:
            return nil
        }
    }
}
