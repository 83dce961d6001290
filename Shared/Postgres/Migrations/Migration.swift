/// One step of a schema's history. Once released it is never changed: a correction is a further step.
public struct Migration: Sendable {
    /// Its number, unique among its owner's; lower ones come first.
    public let id: Int
    /// What it does, in a few words.
    public let name: String
    let sql: StaticString

    /// - Parameter sql: One or several statements, separated by semicolons. They run in a transaction, so what cannot run in one
    ///   (`CREATE INDEX CONCURRENTLY`) cannot be here.
    public init(id: Int, name: String, sql: StaticString) {
        self.id = id
        self.name = name
        self.sql = sql
    }

    var text: String { sql.description }
}
