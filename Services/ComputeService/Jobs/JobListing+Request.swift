import GoldcrestProtocol
import GoldcrestServiceKit

extension JobListing {
    /// The most ids of one request.
    private static let mostIDs = 1000

    /// Reads the parameters of `GET /compute/{system}/jobs`.
    ///
    /// - Throws: ``APIError`` with status 400 and everything that is wrong.
    init(_ fields: QueryFields) throws {
        var fields = fields
        query.ids = fields.jobIDs("ids", atMost: Self.mostIDs)
        query.allUsers = fields.boolean("allusers")
        query.account = fields.word("account")
        query.name = fields.jobName("name")
        query.timeWindow = fields.choice("time_window", default: JobQuery.TimeWindow.day)
        states = fields.states("state")
        offset = fields.integer("offset", in: 0...Int.max) ?? 0
        limit = fields.integer("limit", in: 0...Int.max)
        try fields.finish()
    }
}

extension QueryFields {
    /// A value that stands on a command line; an empty one counts as absent.
    fileprivate mutating func word(_ name: String) -> String? {
        guard let value = text(name), !value.isEmpty else { return nil }
        guard !value.utf8.contains(0), value.utf8.count <= 1024 else {
            refuse(name, "must have no NUL and at most 1024 bytes")
            return nil
        }
        return value
    }

    fileprivate mutating func jobName(_ name: String) -> String? {
        guard let value = word(name) else { return nil }
        guard value.count <= JobQuery.maximumNameLength else {
            refuse(name, "must have at most \(JobQuery.maximumNameLength) characters")
            return nil
        }
        return value
    }

    /// Ids with commas between them; those within brackets belong to an id.
    fileprivate mutating func jobIDs(_ name: String, atMost mostIDs: Int) -> [JobID] {
        guard let value = text(name) else { return [] }
        var isInBrackets = false
        let words = value.split(maxSplits: mostIDs, omittingEmptySubsequences: false) { character in
            if character == "[" || character == "]" { isInBrackets = character == "[" }
            return character == "," && !isInBrackets
        }
        let ids = words.compactMap { try? JobID(String($0)) }
        guard ids.count == words.count, ids.count <= mostIDs else {
            refuse(name, "must be ids of jobs, at most \(mostIDs), with commas between them, such as 12,13_4")
            return []
        }
        return ids
    }

    fileprivate mutating func states(_ name: String) -> Set<String> {
        guard let value = text(name) else { return [] }
        let words = value.split(separator: ",", omittingEmptySubsequences: false)
        guard words.allSatisfy({ $0.wholeMatch(of: #/[A-Za-z_]{1,32}/#) != nil }) else {
            refuse(name, "must be states of jobs with commas between them, such as PENDING,RUNNING")
            return []
        }
        return Set(words.map { $0.uppercased() })
    }
}
