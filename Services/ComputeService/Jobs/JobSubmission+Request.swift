import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit

extension JobSubmission {
    /// What a job's environment gets where the request says nothing.
    private static let defaultEnvironment = ["F7T_version": "v2.0.0"]

    /// Reads the body of `POST /compute/{system}/jobs`.
    ///
    /// - Throws: ``APIError`` with status 400 and everything that is wrong.
    init(_ body: [String: JSONValue], on cluster: Cluster) throws {
        var fields = BodyFields(body)
        var job = fields.nested("job")
        let workingDirectory = job.requiredString("workingDirectory", "working_directory", "current_working_directory")
        let script = job.string("script")
        let scriptPath = job.string("scriptPath", "script_path")
        switch (script, scriptPath) {
        case (nil, nil): job.refuse("script", "is required, or scriptPath")
        case (.some, .some): job.refuse("script", "and scriptPath exclude each other")
        case (let text?, nil) where text.isEmpty: job.refuse("script", "is empty")
        case (let text?, nil) where text.utf8.contains(0): job.refuse("script", "must not hold a NUL")
        default: break
        }
        environment = job.environment("env", "environment") ?? Self.defaultEnvironment
        name = job.name("name")
        account = job.name("account")
        reservation = job.name("reservation")
        partition = job.name("partition")
        constraints = job.name("constraints", "constraint")
        standardInput = job.name("standardInput", "standard_input")
        standardOutput = job.name("standardOutput", "standard_output")
        standardError = job.name("standardError", "standard_error")
        fields.adopt(job)
        try fields.finish()
        self.workingDirectory = try AbsolutePath(normalising: workingDirectory)
        if let scriptPath {
            self.script = .file(try cluster.authorisedPath(scriptPath))
        } else {
            self.script = .text(script ?? "")
        }
    }
}

extension BodyFields {
    /// A string that stands on a command line: whatever it holds but NUL, and not without end.
    fileprivate mutating func name(_ names: String...) -> String? {
        for name in names {
            guard let value = string(name) else { continue }
            if value.utf8.contains(0) || value.utf8.count > 4096 {
                refuse(name, "must have no NUL and at most 4096 bytes")
                return nil
            }
            return value
        }
        return nil
    }

    /// Environment variables, as a map or as a list of `NAME=value`.
    fileprivate mutating func environment(_ names: String...) -> [String: String]? {
        let name = names.first { json($0) != nil } ?? "env"
        switch json(name) {
        case nil: return nil
        case .object(let values):
            return values.reduce(into: [:]) { environment, value in
                if case .string(let text) = value.value {
                    add(value.key, text, to: &environment, of: name)
                } else {
                    refuse("\(name).\(value.key)", "must be a string")
                }
            }
        case .array(let values):
            return values.reduce(into: [:]) { environment, value in
                guard case .string(let text) = value, let equals = text.firstIndex(of: "=") else {
                    refuse(name, "must hold strings of the form NAME=value")
                    return
                }
                add(String(text[..<equals]), String(text[text.index(after: equals)...]), to: &environment, of: name)
            }
        default:
            refuse(name, "must be an object or a list of NAME=value")
            return nil
        }
    }

    private mutating func add(_ variable: String, _ value: String, to environment: inout [String: String], of name: String) {
        guard variable.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]{0,254}/#) != nil else {
            refuse(name, "has a variable whose name is not made of letters, digits and underscores")
            return
        }
        guard !value.utf8.contains(0) else {
            refuse("\(name).\(variable)", "must not hold a NUL")
            return
        }
        environment[variable] = value
    }
}
