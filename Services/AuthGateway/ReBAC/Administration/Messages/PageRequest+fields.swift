extension PageRequest {
    private static let defaultSize = 50

    /// - Parameters:
    ///   - message: The request's message, which an error names.
    ///   - token: Of the page before; empty for the first one.
    init(message: String, size: Int?, token: String) throws(OpenFGAError) {
        if let size, !(1...100).contains(size) { throw .invalid(message, "PageSize", "value must be inside range [1, 100]") }
        guard token.utf8.count <= 5120 else { throw .invalid(message, "ContinuationToken", "value length must be at most 5120 bytes") }
        self.init(size: size ?? Self.defaultSize, from: token.isEmpty ? nil : token)
    }
}
