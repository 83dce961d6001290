import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServicesHealth
import Logging
import ServiceLifecycle

/// Probes every cluster at its interval and writes down what it finds.
struct HealthCheckLoop: Service {
    let clusters: [Cluster]
    let prober: Prober
    let store: any ServicesHealthStore
    let logger: Logger

    func run() async throws {
        let probed = clusters.filter { $0.probing.services != nil }
        if probed.isEmpty { logger.notice("no cluster is configured to be probed") }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { tasks in
                for cluster in probed { tasks.addTask { await checkRegularly(cluster) } }
                // With nothing to probe the service stays up all the same, for its health routes.
                tasks.addTask { _ = try? await Task.sleep(for: .seconds(Int32.max)) }
                await tasks.waitForAll()
            }
        }
    }

    private func checkRegularly(_ cluster: Cluster) async {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            await check(cluster)
            try? await Task.sleep(until: start + cluster.probing.interval)
        }
    }

    private func check(_ cluster: Cluster) async {
        let results = await withTaskGroup(of: ServiceHealth.self) { tasks in
            for (probe, timeout) in Probe.all(of: cluster) {
                tasks.addTask { await prober.result(of: probe, on: cluster.name, timeout: timeout) }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        guard !Task.isCancelled else { return }
        for result in results where !result.healthy {
            logger.warning(
                "unhealthy",
                metadata: [
                    "system": "\(cluster.name)", "service": "\(result.serviceType.rawValue)", "path": "\(result.path ?? "")",
                    "reason": "\(result.message ?? "")",
                ])
        }
        await write(results, of: cluster.name)
    }

    private func write(_ results: [ServiceHealth], of system: String) async {
        do {
            try await store.replace(SystemHealth(system: system, services: results))
        } catch {
            logger.error("the health of a system could not be written", metadata: ["system": "\(system)", "error": "\(error)"])
        }
    }
}
