/// Gathers what is wrong and what is odd while a configuration is read, so that all of it can be told at once.
final class ConfigurationDiagnostics {
    private(set) var problems: [ConfigurationError.Problem] = []
    private(set) var warnings: [String] = []

    func add(_ problem: ConfigurationError.Problem) {
        problems.append(problem)
    }

    func warn(_ text: String) {
        warnings.append(text)
    }
}
