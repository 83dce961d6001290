import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// Probes a system the way users reach it: through the services.
struct Prober: Sendable {
    let services: InternalClient
    let accounts: ServiceAccounts
    let client: HTTPClient

    /// Looks at one thing. Whatever goes wrong is the result, never an error.
    ///
    /// - Parameter timeout: The longest wait, that for the service account's token included.
    func result(of probe: Probe, on system: String, timeout: Duration) async -> ServiceHealth {
        let start = ContinuousClock.now
        do {
            let answer = try await withDeadline(timeout) { try await self.answer(to: probe, on: system, timeout: timeout) }
            return health(probe, since: start, healthy: true, message: answer.message, nodes: answer.nodes)
        } catch {
            return health(probe, since: start, healthy: false, message: Self.reason(error), nodes: nil)
        }
    }

    private func health(
        _ probe: Probe, since start: ContinuousClock.Instant, healthy: Bool, message: String?, nodes: ServiceHealth.Nodes?
    ) -> ServiceHealth {
        ServiceHealth(
            serviceType: probe.serviceType, lastChecked: Date(), latency: start.duration(to: .now) / .seconds(1), healthy: healthy,
            message: message, path: probe.path, nodes: nodes)
    }

    private func withDeadline(_ timeout: Duration, _ body: @escaping @Sendable () async throws -> ProbeAnswer) async throws -> ProbeAnswer {
        try await withThrowingTaskGroup(of: ProbeAnswer.self) { tasks in
            tasks.addTask(operation: body)
            tasks.addTask {
                try await Task.sleep(for: timeout)
                throw APIError(.gatewayTimeout, "no answer within \(timeout / .seconds(1)) s")
            }
            defer { tasks.cancelAll() }
            guard let first = try await tasks.next() else { throw CancellationError() }
            return first
        }
    }

    private func answer(to probe: Probe, on system: String, timeout: Duration) async throws -> ProbeAnswer {
        switch probe {
        case .ssh: try await ask(.compute, "ssh", on: system, timeout: timeout)
        case .scheduler: try await ask(.compute, "scheduler", on: system, timeout: timeout)
        case .filesystem(let path):
            try await ask(.filesystem, "filesystem", on: system, query: [("path", "\(path)")], timeout: timeout)
        case .s3(let url): try await reach(url, timeout: timeout)
        }
    }

    private func ask(
        _ service: APIRoute.Destination, _ what: String, on system: String, query: [(name: String, value: String)] = [],
        timeout: Duration
    ) async throws -> ProbeAnswer {
        let caller = try await accounts.caller(on: system)
        return try await services.call(
            .init(.get, service, "/internal/\(PercentEncoding.encode(system))/probe/\(what)", system: system, query: query),
            as: caller, deadline: timeout)
    }

    /// Object storage works if it answers at all; without a signature that is a refusal, or a listing of which only the head is waited for.
    private func reach(_ url: String, timeout: Duration) async throws -> ProbeAnswer {
        let exchange = try await client.exchange(HTTPClientRequest(method: .get, url: url), deadline: timeout)
        defer { exchange.cancel() }
        guard exchange.head.status.code < 500 else { throw APIError(.badGateway, "the storage answers \(exchange.head.status.code)") }
        return ProbeAnswer()
    }

    /// Clients parse the message: plain words without apostrophes are safe for all of them.
    private static func reason(_ error: any Error) -> String {
        let text =
            switch error {
            case let error as any APIErrorConvertible: ([error.apiError.message] + error.apiError.causes).joined(separator: ": ")
            case let error as HTTPClientError: error.message
            default: "\(error)"
            }
        return text.filter { $0 != "'" }
    }
}
