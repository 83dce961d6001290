import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// The answer that tells what becomes of a task until its end, or until its client leaves.
struct TaskEventsAnswer: Sendable {
    /// Clients connect again by themselves then.
    private static let longest = Duration.seconds(24 * 3600)
    /// How many events wait for a slow client; more than a task has states.
    private static let bufferedEvents = 32

    let events: TaskEvents
    let place: TaskListenerLimit.Place

    func response(on channel: any Channel, disconnects: ClientDisconnects) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                // The place is taken for as long as this closure is held.
                defer { withExtendedLifetime(place) {} }
                let (texts, continuation) = AsyncStream.makeStream(of: ByteBuffer.self, bufferingPolicy: .bufferingNewest(Self.bufferedEvents))
                let registration = disconnects.observe(channel) { continuation.finish() }
                defer { registration.end() }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await events.run { continuation.yield($0) }
                        continuation.finish()
                    }
                    group.addTask {
                        try? await Task.sleep(for: Self.longest)
                        continuation.finish()
                    }
                    defer { group.cancelAll() }
                    try await withGracefulShutdownHandler {
                        for await text in texts { try await writer.write(text) }
                    } onGracefulShutdown: {
                        // The client goes on with another replica.
                        continuation.finish()
                    }
                }
                try await writer.finish(nil)
            })
    }
}
