/// The forms in which the versions of slurmrestd's API write one and the same value.
extension JSONPullReader {
    /// A number: plain (0.0.38), or `{"set": true, "infinite": false, "number": 12}`; `nil` if it is unset or infinite.
    mutating func slurmInteger() throws -> Int? {
        switch try kind() {
        case .number: return try integer()
        case .string: return try string().flatMap { Int($0) }
        case .object: break
        default:
            try skip()
            return nil
        }
        var number: Int?
        var isSet = true
        try object { key, value in
            switch key {
            case "number": number = try value.integer()
            case "set": isSet = try value.boolean() ?? isSet && isSet
            case "infinite": isSet = try value.boolean() != true && isSet
            default: break
            }
        }
        return isSet ? number : nil
    }

    /// A point in time, in seconds since 1970; 0 stands for none.
    mutating func slurmTime() throws -> Int? {
        guard let time = try slurmInteger(), time > 0 else { return nil }
        return time
    }

    /// A limit of time, in seconds; Slurm counts in minutes, and 0 stands for none.
    mutating func slurmLimit() throws -> Int? {
        guard let minutes = try slurmInteger(), minutes > 0 else { return nil }
        return SlurmTime.seconds(minutes: minutes)
    }

    /// Words: a list, or one of them alone.
    mutating func slurmWords() throws -> [String] {
        if try kind() == .string {
            let word = try string() ?? ""
            return word.isEmpty ? [] : [word]
        }
        var words: [String] = []
        try array { element in
            if let word = try element.string(), !word.isEmpty { words.append(word) }
        }
        return words
    }

    /// A text that is not empty.
    mutating func slurmText() throws -> String? {
        guard let text = try string(), !text.isEmpty else { return nil }
        return text
    }
}
