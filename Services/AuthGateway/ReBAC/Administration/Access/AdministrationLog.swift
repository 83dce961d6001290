import GoldcrestServiceKit
import Hummingbird
import Logging
import NIOHTTP1

/// Turns every error into OpenFGA's error body, and leaves a line in the log of what was asked and what came of it: no body, so that neither
/// tokens nor the contexts of conditions get there.
struct AdministrationLog: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext, next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response: Response
        var code: OpenFGAError.Code?
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            let told = OpenFGAError(telling: error, logger: context.logger)
            code = told.code
            response = Response(told)
        }
        record(request, context, response, code, start.duration(to: .now))
        return response
    }

    private func record(_ request: Request, _ context: APIRequestContext, _ response: Response, _ code: OpenFGAError.Code?, _ duration: Duration) {
        var facts: Logger.Metadata = [
            "user": "admin", "http.method": "\(request.method)", "http.route": "\(context.endpointPath ?? "unknown")",
            "http.status": "\(response.status.code)", "duration.ms": "\(duration.milliseconds)",
            "outcome": "\(code?.rawValue ?? "done")",
        ]
        // Only what can be the id of a store: the path comes from outside.
        if let store = context.parameters.get("store"), TextRule.identifier.matches(store) { facts["store"] = "\(store)" }
        context.logger.info("administration request", metadata: facts)
    }
}
