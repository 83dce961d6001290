import Foundation
public import GoldcrestPostgres
public import Logging

/// Empty schemas for tests: on the server of the running stack when `GOLDCREST_STACK` names its `stack.env`, else on one that the tests start.
public enum TestDatabase {
    /// Lends the URL of a schema of its own, which is dropped afterwards.
    public static func withFreshSchema<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let base = try await SharedServer.instance.url()
        let schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let administration = PostgresPool(url: base, maximumConnections: 1, logger: quiet)
        try await define("CREATE SCHEMA %I", schema, administration)
        let result: Swift.Result<Result, any Error>
        do {
            let separator = base.contains("?") ? "&" : "?"
            result = .success(try await body("\(base)\(separator)options=-csearch_path%3D\(schema)"))
        } catch {
            result = .failure(error)
        }
        // The failure of a test says more than that of the clean-up after it.
        do {
            try await define("DROP SCHEMA %I CASCADE", schema, administration)
        } catch {
            if case .success = result { throw error }
        }
        await administration.close()
        return try result.get()
    }

    /// Lends a pool on a schema of its own.
    public static func withPool<Result>(
        maximumConnections: Int = 4, logger: Logger = quiet, isolation: isolated (any Actor)? = #isolation,
        _ body: (PostgresPool) async throws -> Result
    ) async throws -> Result {
        try await withFreshSchema { url in
            let pool = PostgresPool(url: url, maximumConnections: maximumConnections, logger: logger)
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body(pool)) } catch { result = .failure(error) }
            await pool.close()
            return try result.get()
        }
    }

    /// A logger that says nothing.
    public static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// The name of a schema cannot be a parameter; the server quotes it.
    private static func define(_ format: String, _ schema: String, _ pool: PostgresPool) async throws {
        try await pool.withTransaction(deadline: .seconds(30)) { transaction in
            _ = try await transaction.query(
                "SELECT set_config('goldcrest.statement', format(\(format)::text, \(schema)::text), true)")
            try await transaction.execute("DO $$ BEGIN EXECUTE current_setting('goldcrest.statement'); END $$", deadline: .seconds(30))
        }
    }
}

/// The one server that the tests of a process share.
private actor SharedServer {
    static let instance = SharedServer()

    private var starting: Task<(url: String, server: PostgresServer?), any Error>?

    func url() async throws -> String {
        let task =
            starting
            ?? Task {
                if let url = try Self.stackURL() { return (url, nil) }
                let server = try await PostgresServer.start()
                return (server.url, server)
            }
        starting = task
        return try await task.value.url
    }

    /// `DATABASE_URL` of the file that `GOLDCREST_STACK` names: lines of `NAME=value`, perhaps quoted and with `export` in front.
    private static func stackURL() throws -> String? {
        guard let path = ProcessInfo.processInfo.environment["GOLDCREST_STACK"], !path.isEmpty else { return nil }
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let assignment = line.hasPrefix("export ") ? line.dropFirst(7) : line
            guard assignment.hasPrefix("DATABASE_URL=") else { continue }
            return assignment.dropFirst("DATABASE_URL=".count).trimmingCharacters(in: CharacterSet(charactersIn: "\"' "))
        }
        throw PostgresServer.Failure(description: "\(path) has no DATABASE_URL.")
    }
}
