import GoldcrestProtocol
import GoldcrestServiceKit

extension TransferTaskListing {
    static let defaultLimit = 50
    static let maximumLimit = 500

    /// Reads the parameters of `GET /filesystem/{system}/transfer/tasks`.
    ///
    /// - Throws: ``APIError`` with status 400 and everything that is wrong.
    init(_ fields: QueryFields, of username: String, on system: String) throws {
        var fields = fields
        self.init(
            username: username, system: system, states: fields.states("state"), operation: fields.operation("operation"),
            after: fields.cursor("cursor"), limit: fields.integer("limit", in: 1...Self.maximumLimit) ?? Self.defaultLimit)
        try fields.finish()
    }
}

extension QueryFields {
    fileprivate mutating func states(_ name: String) -> Set<TransferTaskState> {
        guard let value = text(name), !value.isEmpty else { return [] }
        let words = value.lowercased().split(separator: ",", maxSplits: 100, omittingEmptySubsequences: false)
        let states = words.compactMap { TransferTaskState(rawValue: String($0)) }
        if states.count != words.count {
            refuse(name, "must be one or more of \(TransferTaskState.allCases.map(\.rawValue).joined(separator: ", ")), with commas between them")
        }
        return Set(states)
    }

    fileprivate mutating func operation(_ name: String) -> TransferOperation? {
        guard let value = text(name), !value.isEmpty else { return nil }
        let operation = TransferOperation(rawValue: value.lowercased())
        if operation == nil { refuse(name, "must be one of \(TransferOperation.allCases.map(\.rawValue).joined(separator: ", "))") }
        return operation
    }

    fileprivate mutating func cursor(_ name: String) -> TransferTaskCursor? {
        guard let value = text(name), !value.isEmpty else { return nil }
        let cursor = TransferTaskCursor(value)
        if cursor == nil { refuse(name, "must be the nextCursor of an earlier answer") }
        return cursor
    }
}
