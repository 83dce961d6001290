public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
public import UnixSignals

/// A service put together and ready to run; what executables and tests start alike.
public struct ServiceAssembly<Responder: HTTPResponder>: Sendable where Responder.Context == APIRequestContext {
    private let responder: Responder
    private let disconnects: ClientDisconnects
    /// What runs beside the HTTP server, in the order of dependence.
    private let services: [any Service]
    private let logger: Logger
    /// Ends what outlives requests, such as SSH connections; runs when the server has stopped.
    private let shutdown: @Sendable () async -> Void

    /// Requests that still run after this long are cancelled when the service stops.
    private static var maximumShutdownDuration: Duration { .seconds(20) }

    public init(
        responder: Responder, disconnects: ClientDisconnects, services: [any Service] = [], logger: Logger,
        shutdown: @escaping @Sendable () async -> Void = {}
    ) {
        self.responder = responder
        self.disconnects = disconnects
        self.services = services
        self.logger = logger
        self.shutdown = shutdown
    }

    /// Serves until a signal or the end of the surrounding task.
    ///
    /// - Parameters:
    ///   - host: The address to listen on.
    ///   - port: The port to listen on; 0 takes a free one.
    ///   - signals: Which signals stop it gracefully.
    ///   - onRunning: Called with the port once connections are accepted.
    /// - Throws: An `IOError` if the address cannot be listened on.
    public func run(
        host: String, port: Int, stoppingOn signals: [UnixSignal] = [],
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let group = serviceGroup(host: host, port: port, signals: signals, onRunning: onRunning)
        do {
            try await group.run()
        } catch {
            await shutdown()
            throw error
        }
        await shutdown()
    }

    /// Serves on a free loopback port for as long as `body` runs; for tests.
    public func withRunningServer<Result: Sendable>(
        _ body: @escaping @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let group = serviceGroup(host: "127.0.0.1", port: 0, signals: []) { port.yield($0) }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { port.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else {
                try await tasks.next()
                throw CancellationError()
            }
            let outcome: Swift.Result<Result, any Error>
            do {
                outcome = .success(try await body(port))
            } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            await shutdown()
            return try outcome.get()
        }
    }

    private func serviceGroup(
        host: String, port: Int, signals: [UnixSignal], onRunning: @escaping @Sendable (Int) async -> Void
    ) -> ServiceGroup {
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [disconnects.makeHandler(), MalformedRequestHandler(), ContinueHandler()], idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), backlog: 1024),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: (services + [application]).map {
                .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.maximumShutdownDuration
        return ServiceGroup(configuration: configuration)
    }
}
