import HTTPTypes

/// On what a client makes its request depend (RFC 9110 section 13).
struct Preconditions: Sendable {
    enum Outcome: Sendable, Equatable {
        case met
        /// 304
        case notModified
        /// 412
        case failed
    }

    private let ifMatch: EntityTagCondition?
    private let ifUnmodifiedSince: HTTPDate?
    private let ifNoneMatch: EntityTagCondition?
    private let ifModifiedSince: HTTPDate?

    init(_ headerFields: HTTPFields, now: HTTPDate) {
        // A list of tags that isn't one names none of them.
        ifMatch = headerFields[.ifMatch].map { EntityTagCondition($0) ?? .among([]) }
        ifUnmodifiedSince = headerFields[.ifUnmodifiedSince].flatMap { HTTPDate($0, now: now) }
        ifNoneMatch = headerFields[.ifNoneMatch].map { EntityTagCondition($0) ?? .among([]) }
        ifModifiedSince = headerFields[.ifModifiedSince].flatMap { HTTPDate($0, now: now) }
    }

    /// Evaluates them in the order of section 13.2.2, of which `If-Range` is left to whoever sends ranges.
    func outcome(tag: EntityTag?, modified: HTTPDate) -> Outcome {
        if let ifMatch {
            guard ifMatch.names(tag, by: { $0.matchesStrongly($1) }) else { return .failed }
        } else if let ifUnmodifiedSince, modified > ifUnmodifiedSince {
            return .failed
        }
        if let ifNoneMatch {
            return ifNoneMatch.names(tag, by: { $0.matchesWeakly($1) }) ? .notModified : .met
        }
        if let ifModifiedSince, modified <= ifModifiedSince { return .notModified }
        return .met
    }
}
