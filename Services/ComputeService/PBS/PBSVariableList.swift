/// A job's environment as one text: `A=1,B=two\, three`. Behind a backslash stands a character that means itself.
struct PBSVariableList {
    private var values: [Substring: String] = [:]

    init(_ text: String) {
        var variable = ""
        var isEscaped = false
        for character in text {
            if !isEscaped && character == "\\" {
                isEscaped = true
                continue
            }
            if !isEscaped && character == "," {
                add(variable)
                variable = ""
            } else {
                variable.append(character)
            }
            isEscaped = false
        }
        add(variable)
    }

    subscript(_ name: String) -> String? { values[name[...]] }

    private mutating func add(_ variable: String) {
        guard let equals = variable.firstIndex(of: "=") else { return }
        values[variable[..<equals]] = String(variable[variable.index(after: equals)...])
    }
}
