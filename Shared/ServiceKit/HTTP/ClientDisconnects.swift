public import NIOCore
import Synchronization

/// Tells who waits for a client that the client has gone.
///
/// Hummingbird notices a closed connection only when it reads or writes; a request that waits for something else would go on for nobody.
public final class ClientDisconnects: Sendable {
    private struct Watched {
        var observers: [Int: @Sendable () -> Void] = [:]
    }

    private struct State {
        var connections: [ObjectIdentifier: Watched] = [:]
        var nextObserver = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// What tells of one connection; part of its pipeline.
    func makeHandler() -> any RemovableChannelHandler & Sendable {
        Handler(disconnects: self)
    }

    /// Calls `observer` once if the client goes away before the returned registration is ended.
    ///
    /// - Parameter observer: Called on the connection's event loop, or at once if the client has gone already; must not block.
    public func observe(_ channel: any Channel, _ observer: @escaping @Sendable () -> Void) -> Registration {
        let connection = ObjectIdentifier(channel)
        let identifier: Int? = state.withLock { state in
            guard state.connections[connection] != nil else { return nil }
            state.nextObserver += 1
            state.connections[connection]?.observers[state.nextObserver] = observer
            return state.nextObserver
        }
        if identifier == nil { observer() }
        return Registration(disconnects: self, connection: connection, identifier: identifier)
    }

    /// Runs `operation` in a task of its own that is cancelled when the client goes away.
    public func cancellingOnDisconnect<Result: Sendable>(
        of channel: any Channel, _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        // Begun by this very thread: waking another one for it would cost a request some 50 µs.
        let task = Task.immediate(operation: operation)
        let registration = observe(channel) { task.cancel() }
        defer { registration.end() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// An observer's place; ending it is idempotent.
    public struct Registration: Sendable {
        fileprivate let disconnects: ClientDisconnects
        fileprivate let connection: ObjectIdentifier
        fileprivate let identifier: Int?

        public func end() {
            guard let identifier else { return }
            disconnects.state.withLock { state in
                _ = state.connections[connection]?.observers.removeValue(forKey: identifier)
            }
        }
    }

    private func opened(_ channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)] = Watched() }
    }

    private func closed(_ channel: any Channel) {
        let watched = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(channel)) }
        for observer in (watched?.observers ?? [:]).values { observer() }
    }

    private final class Handler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
        typealias InboundIn = Any
        typealias InboundOut = Any

        private let disconnects: ClientDisconnects

        init(disconnects: ClientDisconnects) {
            self.disconnects = disconnects
        }

        func handlerAdded(context: ChannelHandlerContext) {
            disconnects.opened(context.channel)
        }

        func channelInactive(context: ChannelHandlerContext) {
            disconnects.closed(context.channel)
            context.fireChannelInactive()
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed? = event as? ChannelEvent {
                disconnects.closed(context.channel)
            }
            context.fireUserInboundEventTriggered(event)
        }

        func handlerRemoved(context: ChannelHandlerContext) {
            disconnects.closed(context.channel)
        }
    }
}
