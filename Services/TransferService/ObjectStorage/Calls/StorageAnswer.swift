import HTTPTypes

/// What the storage says to a call that it carries out.
struct StorageAnswer: Sendable {
    let fields: HTTPFields
    /// There exactly for calls that are answered in XML.
    let document: AnswerElement?
}
