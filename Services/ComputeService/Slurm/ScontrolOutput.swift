import GoldcrestProtocol
import NIOCore

/// What `scontrol show job` prints: a paragraph for each job. The paths stand in lines of their own, so that spaces in them break nothing.
enum ScontrolOutput {
    static func metadata(_ output: ByteBuffer) -> [JobMetadata] {
        String(buffer: output).split(separator: "\n\n").compactMap { paragraph in
            let lines = paragraph.split(separator: "\n").map { $0.drop { $0 == " " } }
            guard let id = lines.first?.split(separator: " ").first.flatMap({ value($0, of: "JobId") }) else { return nil }
            // The paths stand last; a line that looks like one may be a part of the job's name, which stands first.
            func path(_ key: String) -> String? { lines.lazy.reversed().compactMap { value($0, of: key) }.first }
            return JobMetadata(
                jobId: taskID(lines) ?? id, script: nil, standardInput: path("StdIn"), standardOutput: path("StdOut"),
                standardError: path("StdErr"))
        }
    }

    /// The id of an array's task as the other commands print it; `JobId` is another one here.
    private static func taskID(_ lines: [Substring]) -> String? {
        guard let words = lines.first?.split(separator: " "),
            let array = words.lazy.compactMap({ value($0, of: "ArrayJobId") }).first,
            let task = words.lazy.compactMap({ value($0, of: "ArrayTaskId") }).first
        else { return nil }
        return task.contains(where: { "-,:%".contains($0) }) ? "\(array)_[\(task)]" : "\(array)_\(task)"
    }

    private static func value(_ text: Substring, of key: String) -> String? {
        text.hasPrefix("\(key)=") ? String(text.dropFirst(key.count + 1)) : nil
    }
}
