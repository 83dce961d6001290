import GoldcrestProtocol
import HTTPTypes

/// slurmrestd did not do what it was asked, told with its own words.
struct RESTRefusal: Error, Sendable {
    private let status: HTTPResponse.Status
    private let complaints: [RESTComplaint]

    init(status: HTTPResponse.Status, complaints: [RESTComplaint]) {
        self.status = status
        self.complaints = complaints
    }

    var words: SlurmWords {
        SlurmWords(complaints.isEmpty ? "slurmrestd answered with status \(status.code)" : complaints.map(\.words).joined(separator: "; "))
    }

    /// Whether Slurm does not believe that the user is who the token says.
    var isOfToken: Bool {
        status == .unauthorized || words.text.contains("authentication error") || words.text.contains("Authentication failure")
    }

    /// Whether the controller failed in a way that has no name. 0.0.38 says this and no more when the controller refuses the token.
    private var isNameless: Bool { words.text.contains("Unspecified error") && status == .internalServerError }
}

extension RESTRefusal: APIErrorConvertible {
    var apiError: APIError {
        if isOfToken { return APIError(.forbidden, "\(words.text). \(Self.tokenAdvice)") }
        if isNameless { return APIError(.internalServerError, "\(words.text). If Slurm refuses the token: \(Self.tokenAdvice)") }
        let meaning = words.status
        // slurmrestd's own 400 and 422 are about the request's fields, which are the caller's.
        let isAboutFields = meaning == .internalServerError && (status == .badRequest || status == .unprocessableContent)
        return APIError(isAboutFields ? .badRequest : meaning, words.text)
    }

    private static let tokenAdvice = """
        slurmctld, slurmdbd and slurmrestd must trust the issuer of the token (AuthAltTypes=auth/jwt with its jwks), and its claim must hold the user's name on the system
        """
}
