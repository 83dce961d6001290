extension Settings {
    /// Settings, and what was odd about their source without being wrong.
    public struct Loaded: Sendable, Equatable {
        public var settings: Settings
        /// Lines for the log: unknown keys, missing but useful ones.
        public var warnings: [String]

        public init(settings: Settings, warnings: [String] = []) {
            self.settings = settings
            self.warnings = warnings
        }
    }

    /// Reads a FirecREST YAML file and all that it refers to: the files of clusters and of secrets.
    ///
    /// Relative paths in a file start at that file's directory, `~/` is the home directory.
    ///
    /// - Throws: ``ConfigurationError`` with all problems at once.
    public static func load(from path: String) throws(ConfigurationError) -> Loaded {
        try load { ConfigurationSource(path: path, diagnostics: $0).read(Settings.init(reading:)) }
    }

    /// Reads a FirecREST YAML text.
    ///
    /// - Parameter path: Where the text would be as a file: it names the text in errors, and relative paths start at its directory.
    public static func load(yaml text: String, path: String) throws(ConfigurationError) -> Loaded {
        try load { ConfigurationSource(path: path, diagnostics: $0).read(text: text, Settings.init(reading:)) }
    }

    private static func load(_ read: (ConfigurationDiagnostics) -> Settings?) throws(ConfigurationError) -> Loaded {
        let diagnostics = ConfigurationDiagnostics()
        let settings = read(diagnostics)
        guard let settings, diagnostics.problems.isEmpty else { throw ConfigurationError(problems: diagnostics.problems) }
        return Loaded(settings: settings, warnings: diagnostics.warnings)
    }
}
