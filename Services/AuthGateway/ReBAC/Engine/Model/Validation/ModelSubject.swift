/// What in a model a problem is about, so that a text's line can be told.
enum ModelSubject: Sendable, Hashable {
    case type(String)
    case relation(type: String, name: String)
    case condition(String)
}

/// A problem and what it is about; absent where it is the model as a whole.
struct ModelFinding: Sendable, Hashable {
    var problem: ModelProblem
    var subject: ModelSubject?

    init(_ reason: String, kind: ModelProblem.Kind = .invalid, about subject: ModelSubject? = nil) {
        problem = ModelProblem(reason, kind: kind)
        self.subject = subject
    }
}
