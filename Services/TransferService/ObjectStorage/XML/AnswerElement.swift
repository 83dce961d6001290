/// An element of the XML that a storage answers with.
struct AnswerElement: Sendable, Equatable {
    /// Without the namespace's prefix.
    let name: String
    /// What stands directly in it.
    var text = ""
    var children: [AnswerElement] = []

    func children(_ name: String) -> [AnswerElement] {
        children.filter { $0.name == name }
    }

    /// The text of the first child of that name.
    func text(of name: String) -> String? {
        children.first { $0.name == name }?.text
    }

    func integer(of name: String) -> Int? {
        text(of: name).flatMap { Int($0) }
    }
}
