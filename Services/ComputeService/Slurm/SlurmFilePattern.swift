/// What is filled in for the symbols in the names of a job's files: sbatch(1), "filename pattern".
///
/// It is done as slurmd does it for the batch script, which is the whole of a job's output unless its steps are sent elsewhere.
struct SlurmFilePattern: Sendable, Equatable {
    /// `%j` and `%J`: the number that a task of an array has for itself.
    var job: String
    /// `%A`: the number that the tasks of an array share; that of the job where it is none.
    var array: String
    /// `%a`; `nil` for tasks of an array that wait together, and the symbol stays.
    var task: String?
    /// `%x`
    var name: String
    /// `%u`
    var user: String
    /// `%N`: the node that runs the script; `nil` before the job's start, and the symbol stays.
    var node: String?

    /// What `%a` is for a job that is no task of an array: Slurm's number for "no value".
    static let noTask = "4294967294"

    /// The most digits that a number is padded to.
    private static let widest = 10

    /// - Parameters:
    ///   - pattern: A path, possibly relative.
    ///   - directory: Where a relative path begins.
    func path(_ pattern: String, in directory: String) -> String {
        let path = filled(pattern)
        return path.hasPrefix("/") || directory.isEmpty ? path : "\(directory)/\(path)"
    }

    /// What is left to do in a path whose simplest symbols the controller has filled in. The job's name stands in it as it is: a `%` of its own is
    /// no symbol.
    func path(completing path: String) -> String {
        guard name.contains("%") else { return filled(path) }
        return path.split(separator: name, omittingEmptySubsequences: false).map { filled(String($0)) }.joined(separator: name)
    }

    private func filled(_ pattern: String) -> String {
        // A backslash anywhere switches all symbols off.
        if pattern.contains("\\") { return pattern.filter { $0 != "\\" } }
        var text = ""
        var rest = pattern[...]
        while let percent = rest.firstIndex(of: "%") {
            text += rest[..<percent]
            rest = rest[percent...].dropFirst()
            let width = rest.prefix { ("0"..."9").contains($0) }
            let symbol = rest.dropFirst(width.count).first
            if let symbol, let value = value(of: symbol, width: Int(width) ?? (width.isEmpty ? 0 : Self.widest)) {
                text += value
                rest = rest.dropFirst(width.count + 1)
            } else if let digit = width.last {
                // Of a number without a symbol behind it Slurm keeps the last digit.
                text.append(digit)
                rest = rest.dropFirst(width.count)
            } else {
                text.append("%")
                if symbol == "%" { rest = rest.dropFirst() }
            }
        }
        return text + rest
    }

    private func value(of symbol: Character, width: Int) -> String? {
        switch symbol {
        case "A": Self.padded(array, to: width)
        case "a": task.map { Self.padded($0, to: width) }
        case "J", "j": Self.padded(job, to: width)
        case "N": node
        // Where there are several tasks or nodes, the first.
        case "n", "t": Self.padded("0", to: width)
        case "s": "batch"
        case "u": user
        case "x": name
        default: nil
        }
    }

    private static func padded(_ number: String, to width: Int) -> String {
        String(repeating: "0", count: max(0, min(width, widest) - number.count)) + number
    }
}

extension SlurmFilePattern {
    /// The first node of a list as Slurm writes it: `node[01-04,7],other` has `node01`. `nil` for what is none.
    static func firstNode(of list: String) -> String? {
        guard !list.isEmpty, list != "None assigned", list != "(null)" else { return nil }
        let prefix = list.prefix { $0 != "[" && $0 != "," }
        guard list.dropFirst(prefix.count).first == "[" else { return String(prefix) }
        let first = list.dropFirst(prefix.count + 1).prefix { $0 != "-" && $0 != "," && $0 != "]" }
        let rest = list.drop { $0 != "]" }.dropFirst().prefix { $0 != "," }
        // Several dimensions are beyond what a name needs to be guessed for.
        return rest.contains("[") ? nil : "\(prefix)\(first)\(rest)"
    }
}
