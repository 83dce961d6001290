public import GoldcrestProtocol
import HTTPTypes
public import Hummingbird
import NIOCore

extension Router where Context == APIRequestContext {
    /// A router with what operators ask of every service on its own port: `/health/live`, `/health/ready` and `/metrics`.
    public static func operational(readiness: [ReadinessCheck] = []) -> Router<APIRequestContext> {
        let router = Router(context: APIRequestContext.self, options: [.caseInsensitive, .autoGenerateHeadEndpoints])
        router.add(middleware: RequestIdentityMiddleware())
        router.add(middleware: RequestMetricsMiddleware())
        router.add(middleware: ErrorMiddleware())
        OperationalRoutes(readiness: readiness).add(to: router)
        return router
    }

    /// The router of a service behind the gateway: beside the operational routes it checks the call context of requests
    /// and ends the work for clients that went away.
    public static func service(
        verifier: CallContextVerifier, disconnects: ClientDisconnects, readiness: [ReadinessCheck] = []
    ) -> Router<APIRequestContext> {
        let router = operational(readiness: readiness)
        router.add(middleware: CallContextMiddleware(verifier: verifier))
        // Once more, because from here on it is known whose request fails.
        router.add(middleware: ErrorMiddleware())
        router.add(middleware: DisconnectMiddleware(disconnects: disconnects))
        return router
    }
}

private struct OperationalRoutes {
    let readiness: [ReadinessCheck]

    private struct Readiness: Encodable {
        let ready: Bool
        /// Why it is not ready, by what is missing.
        let problems: [String: String]
    }

    func add(to router: Router<APIRequestContext>) {
        router.get("health/live") { _, _ in
            try Response.json(["status": "alive"])
        }
        router.get("health/ready") { _, _ in
            let problems = readiness.reduce(into: [:]) { $0[$1.name] = $1.problem() }
            return try Response.json(
                Readiness(ready: problems.isEmpty, problems: problems), status: problems.isEmpty ? .ok : .serviceUnavailable)
        }
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusMetrics.shared.page())))
        }
    }
}
