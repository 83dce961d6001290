import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes
import NIOCore

/// A request to slurmrestd.
struct RESTCall: Sendable {
    /// The two halves of slurmrestd.
    enum Daemon: String, Sendable {
        case controller = "slurm"
        case accounting = "slurmdb"
    }

    let daemon: Daemon
    var method = HTTPRequest.Method.get
    /// The parts of the path behind the version, unescaped.
    let path: [String]
    var query: [(name: String, value: String)] = []
    /// JSON.
    var body: ByteBuffer?

    /// - Throws: ``APIError`` with status 400 if name or token cannot stand in a header.
    func request(to url: String, version: SlurmRESTVersion, as user: SchedulerUser) throws -> HTTPClientRequest {
        var headers = HTTPFields()
        headers[.slurmUserName] = try Self.headerValue(user.name, of: "user name")
        headers[.slurmUserToken] = try Self.headerValue(user.token, of: "token")
        headers[.accept] = "application/json"
        var request = HTTPClientRequest(method: method, url: "\(url)/\(daemon.rawValue)/\(version.name)\(target)", headerFields: headers)
        if let body {
            request.headerFields[.contentType] = "application/json"
            request.body = .bytes(body)
        }
        return request
    }

    private var target: String {
        let path = path.map { "/\(PercentEncoding.encode($0))" }.joined()
        let query = query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }

    /// What fits into a header field as it is: printable ASCII and whatever is beyond it.
    private static func headerValue(_ text: String, of what: String) throws -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw APIError(.badRequest, "The \(what) has characters that slurmrestd's headers cannot hold")
        }
        return text
    }
}

extension HTTPField.Name {
    fileprivate static let slurmUserName = HTTPField.Name("X-SLURM-USER-NAME")
    fileprivate static let slurmUserToken = HTTPField.Name("X-SLURM-USER-TOKEN")
}

extension HTTPFields {
    fileprivate subscript(name: HTTPField.Name?) -> String? {
        get { name.flatMap { self[$0] } }
        set { if let name { self[name] = newValue } }
    }
}
