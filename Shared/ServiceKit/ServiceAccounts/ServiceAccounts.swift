import FoundationEssentials
import GoldcrestCryptography
public import GoldcrestConfiguration
public import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import NIOFoundationEssentialsCompat

/// Gets tokens for the accounts with which Goldcrest itself works on the systems (`service_account`), and keeps each until shortly before it expires.
public actor ServiceAccounts {
    private struct Held {
        let caller: InternalClient.Caller
        let expiry: ContinuousClock.Instant
    }

    private typealias Waiter = CheckedContinuation<InternalClient.Caller, any Error>

    private let authentication: Authentication
    private let accounts: [String: Cluster.ServiceAccount]
    private let client: HTTPClient
    private let now: @Sendable () -> ContinuousClock.Instant
    private var held: [String: Held] = [:]
    /// Who waits for the request that runs for a system; there is an entry exactly while one runs.
    private var waiters: [String: [Int: Waiter]] = [:]
    private var nextWaiter = 0

    /// - Parameter now: The time, by which tokens expire.
    public init(settings: Settings, client: HTTPClient, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        authentication = settings.auth.authentication
        accounts = settings.clusters.reduce(into: [:]) { $0[$1.name] = $1.serviceAccount }
        self.client = client
        self.now = now
    }

    /// The service account of a system with a token that is good for a while yet. Who asks at the same time shares one request.
    ///
    /// - Throws: ``APIError`` if the system has no service account or the token endpoint gives no token; `CancellationError`.
    public func caller(on system: String) async throws -> InternalClient.Caller {
        if let held = held[system], held.expiry > now() { return held.caller }
        guard let account = accounts[system] else {
            throw APIError(.failedDependency, "The system \(system) has no service_account in the configuration")
        }
        nextWaiter += 1
        let number = nextWaiter
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                guard !Task.isCancelled else { return waiter.resume(throwing: CancellationError()) }
                let isRunning = waiters[system] != nil
                waiters[system, default: [:]][number] = waiter
                if !isRunning { Task { await renew(account, of: system) } }
            }
        } onCancel: {
            Task { await self.abandon(number, system) }
        }
    }

    private func renew(_ account: Cluster.ServiceAccount, of system: String) async {
        let outcome: Result<InternalClient.Caller, any Error>
        do {
            let grant = try await Self.request(account, authentication, client)
            held[system] = Held(caller: grant.caller, expiry: now() + grant.lifetime)
            outcome = .success(grant.caller)
        } catch {
            held[system] = nil
            outcome = .failure(error)
        }
        for waiter in (waiters.removeValue(forKey: system) ?? [:]).values { waiter.resume(with: outcome) }
    }

    private func abandon(_ number: Int, _ system: String) {
        waiters[system]?.removeValue(forKey: number)?.resume(throwing: CancellationError())
    }

    private struct TokenAnswer: Decodable {
        let access_token: String
        /// In seconds.
        let expires_in: Int?
    }

    /// What a token endpoint gave, and for how long it is used.
    private struct Grant {
        let caller: InternalClient.Caller
        let lifetime: Duration
    }

    /// The client credentials grant (RFC 6749, section 4.4).
    private static func request(
        _ account: Cluster.ServiceAccount, _ authentication: Authentication, _ client: HTTPClient
    ) async throws -> Grant {
        var form = "grant_type=client_credentials"
        var headerFields: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: "application/json"]
        switch authentication.tokenEndpointMethod {
        case .clientSecretPost:
            form += "&client_id=\(PercentEncoding.encode(account.clientID))&client_secret=\(PercentEncoding.encode(account.secret.revealed))"
        case .clientSecretBasic:
            let credentials = "\(PercentEncoding.encode(account.clientID)):\(PercentEncoding.encode(account.secret.revealed))"
            headerFields[.authorization] = "Basic \(Data(credentials.utf8).base64EncodedString())"
        }
        let request = HTTPClientRequest(
            method: .post, url: authentication.tokenURL, headerFields: headerFields, body: .bytes(ByteBuffer(string: form)))
        let response: HTTPClientResponse
        do {
            response = try await client.collect(request, upTo: 1 << 20, deadline: .seconds(10))
        } catch let error as HTTPClientError {
            throw APIError(.failedDependency, "The token endpoint cannot be reached", causes: [error.message])
        }
        guard response.head.status == .ok else {
            throw APIError(.failedDependency, "The token endpoint refuses the service account \(account.clientID) (status \(response.head.status.code))")
        }
        guard let answer = try? JSONDecoder().decode(TokenAnswer.self, from: Data(buffer: response.body)) else {
            throw APIError(.failedDependency, "The token endpoint gave the service account \(account.clientID) no token in its answer")
        }
        let user = try userName(in: answer.access_token, claim: authentication.usernameClaim)
        return Grant(
            caller: InternalClient.Caller(user: user, token: answer.access_token),
            lifetime: lifetime(of: answer, minimum: authentication.minTokenLifetime))
    }

    /// The services take a token only while it is valid for the minimum yet; a quarter of a minute more is for the request that it is used for.
    /// A token that is shorter-lived than that is used for those who wait for it now, and for nothing else.
    private static func lifetime(of answer: TokenAnswer, minimum: Duration) -> Duration {
        // RFC 6749, section 5.1 leaves the lifetime to the documentation where it is absent. Longer than a day none is kept.
        .seconds(min(answer.expires_in ?? 300, 86_400)) - minimum - .seconds(15)
    }

    /// The token came straight from the endpoint that makes it, so its claims are read without verifying its signature.
    private static func userName(in token: String, claim: String) throws -> String {
        guard let payload = try? CompactJWS(parsing: token).payload,
            case .object(let claims)? = try? JSONDecoder().decode(JSONValue.self, from: Data(payload)),
            case .string(let user)? = claims[claim]
        else {
            throw APIError(.failedDependency, "The service account's token has no claim \(claim)")
        }
        return user
    }
}
