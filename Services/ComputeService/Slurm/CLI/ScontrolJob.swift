import NIOCore

/// A job as `scontrol show job` prints it: a paragraph of lines. The paths stand in lines of their own, so that spaces in them break nothing.
struct ScontrolJob: Sendable, Equatable {
    /// As the other commands print it: `12_3`, `12_[4-7%2]`, `13+1`.
    let id: String
    /// The number that a task of an array or a part of a heterogeneous job has for itself.
    let number: String
    /// The part of a heterogeneous job that it is, and the number that its parts share.
    let component: Component?
    let state: SlurmState
    let reason: String?
    let pattern: SlurmFilePattern
    let standardInput: String?
    let standardOutput: String?
    let standardError: String?

    struct Component: Sendable, Equatable {
        let leader: String
        let offset: String
    }

    static func jobs(_ output: ByteBuffer) -> [ScontrolJob] {
        paragraphs(String(buffer: output)).compactMap { ScontrolJob($0) }
    }

    /// Paragraphs begin with a job's number. A name may have empty lines in it.
    private static func paragraphs(_ text: String) -> [[Substring]] {
        text.split(separator: "\n\n").reduce(into: []) { paragraphs, part in
            let lines = part.split(separator: "\n").map { $0.drop { $0 == " " } }
            if lines.first?.hasPrefix("JobId=") == true || paragraphs.isEmpty {
                paragraphs.append(lines)
            } else {
                paragraphs[paragraphs.count - 1] += lines
            }
        }
    }

    private init?(_ lines: [Substring]) {
        guard let first = lines.first else { return nil }
        let words = first.split(separator: " ")
        // In front of the name, which ends the line.
        func word(_ key: String) -> String? { words.lazy.compactMap { Self.value($0, of: key) }.first }
        // The facts stand behind the name; a line in it may look like one of them, so the last counts.
        func line(_ key: String) -> String? { lines.lazy.reversed().compactMap { Self.value($0, of: key) }.first }
        guard let number = word("JobId") else { return nil }
        self.number = number
        let array = word("ArrayJobId")
        let tasks = word("ArrayTaskId")
        component = word("HetJobId").flatMap { leader in word("HetJobOffset").map { Component(leader: leader, offset: $0) } }
        let isRange = tasks?.contains { "-,:%".contains($0) } == true
        id =
            if let component {
                "\(component.leader)+\(component.offset)"
            } else if let array, let tasks {
                isRange ? "\(array)_[\(tasks)]" : "\(array)_\(tasks)"
            } else {
                number
            }
        let status = line("JobState")?.split(separator: " ") ?? []
        state = SlurmState(status.first ?? "")
        reason = status.lazy.compactMap { Self.value($0, of: "Reason") }.first
        pattern = SlurmFilePattern(
            job: number, array: array ?? number, task: isRange ? nil : tasks ?? SlurmFilePattern.noTask,
            name: first.firstRange(of: "JobName=").map { String(first[$0.upperBound...]) } ?? "",
            user: line("UserId").map { String($0.prefix { $0 != "(" }) } ?? "", node: line("BatchHost"))
        let directory = line("WorkDir") ?? ""
        let pattern = pattern
        func path(_ key: String) -> String? {
            guard let path = line(key), !path.isEmpty else { return nil }
            let completed = pattern.path(completing: path)
            return completed.hasPrefix("/") ? completed : "\(directory)/\(completed)"
        }
        standardInput = path("StdIn")
        standardOutput = path("StdOut")
        standardError = path("StdErr") ?? standardOutput
    }

    private static func value(_ text: Substring, of key: String) -> String? {
        text.hasPrefix("\(key)=") ? String(text.dropFirst(key.count + 1)) : nil
    }
}
