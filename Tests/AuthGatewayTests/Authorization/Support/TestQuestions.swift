@testable import AuthGateway
import Foundation
import GoldcrestHTTPClient
import Logging
import ReBAC

extension Principal {
    static func test(
        _ username: String = "ada", token: String = "the-token", lifetime: TimeInterval = 600, subject: AccessSubject? = nil,
        scopes: Set<String> = []
    ) -> Principal {
        let subject = subject ?? AccessSubject(user: .object(ObjectReference(type: "user", id: username)))
        return Principal(username: username, token: token, expiry: Date(timeIntervalSinceNow: lifetime), subject: .success(subject), scopes: scopes)
    }
}

extension AccessQuestion {
    /// Is `user:<user>` `member` of `vcluster:<system>`?
    static func test(_ user: String = "ada", of system: String = "daint", groups: [String] = []) -> AccessQuestion {
        let user = UserReference.object(ObjectReference(type: "user", id: user))
        return AccessQuestion(
            key: TupleKey(object: ObjectReference(type: "vcluster", id: system), relation: "member", user: user),
            contextualTuples: groups.map { group in
                RelationshipTuple(key: TupleKey(object: ObjectReference(type: "group", id: group), relation: "member", user: user))
            })
    }
}

extension PolicyServer {
    static func test(_ url: String, timeout: Duration = .seconds(10), maximumConnections: Int = 0) -> PolicyServer {
        var configuration = HTTPClient.Configuration()
        configuration.maximumConnectionsPerHost = maximumConnections
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return PolicyServer(client: HTTPClient(configuration: configuration, logger: logger), url: url, timeout: timeout)
    }
}
