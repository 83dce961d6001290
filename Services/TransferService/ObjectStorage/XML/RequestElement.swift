/// An element of the XML that a storage is asked with. Its text is escaped.
struct RequestElement: Sendable {
    enum Content: Sendable {
        case text(String)
        case children([RequestElement])
    }

    let name: String
    let content: Content

    init(_ name: String, _ text: String) {
        self.name = name
        content = .text(text)
    }

    init(_ name: String, _ children: [RequestElement]) {
        self.name = name
        content = .children(children)
    }

    /// The element as a document of its own.
    var document: [UInt8] {
        // A child inherits the namespace.
        Array(#"<?xml version="1.0" encoding="UTF-8"?>\#n<\#(name) xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\#(inside)</\#(name)>"#.utf8)
    }

    private var inside: String {
        switch content {
        case .text(let text): Self.escaped(text)
        case .children(let children): children.map { "<\($0.name)>\($0.inside)</\($0.name)>" }.joined()
        }
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // A reader would turn it into a line feed (XML 1.0, section 2.11).
            case "\r": escaped += "&#13;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
