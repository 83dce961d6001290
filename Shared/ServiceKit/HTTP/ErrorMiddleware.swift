public import GoldcrestProtocol
import HTTPTypes
public import Hummingbird
public import Logging
import NIOCore
import NIOHTTP1

/// Turns every error into the API's error body, with the user if the call context has been checked by then; the only place where that happens.
public struct ErrorMiddleware: RouterMiddleware {
    public init() {}

    public func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            return .failure(APIError(telling: error, logger: context.logger), user: context.call?.user)
        }
    }
}

extension APIError {
    /// What a client is told about any error; what it must not see goes to the log.
    public init(telling error: any Error, logger: Logger) {
        switch error {
        case let error as any APIErrorConvertible:
            self = error.apiError
        case is CancellationError:
            // Nobody reads this: the client went away, or the service is being stopped.
            self = APIError(.serviceUnavailable, "The request was cancelled")
        case is NIOTooManyBytesError:
            self = APIError(.contentTooLarge, "The request's body is too large")
        case let error as HTTPError where error.status == .notFound:
            self = APIError(.notFound, "Not Found")
        case let error as HTTPError:
            self = APIError(error.status, error.body ?? error.status.reasonPhrase)
        default:
            logger.error("a request failed for an unexpected reason", metadata: ["error": "\(error)"])
            self = APIError(.internalServerError, "Internal error; the service's log says more")
        }
    }
}
