import HTTPTypes

extension HTTPField.Name {
    /// Which model an answer was found by.
    static let authorizationModelID: HTTPField.Name = {
        guard let name = HTTPField.Name("Openfga-Authorization-Model-Id") else { preconditionFailure("the literal is a legal token of RFC 9110") }
        return name
    }()
}
