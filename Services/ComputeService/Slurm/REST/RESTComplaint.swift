/// What slurmrestd says against a request: an element of `errors`, or the `error` of an element of `status`.
struct RESTComplaint: Sendable, Equatable {
    /// Slurm's error number; 0 for none.
    private(set) var number = 0
    /// Slurm's name of the error, as `slurm_strerror(3)` has it.
    private(set) var error: String?
    /// What failed by it.
    private(set) var description: String?

    init(reading reader: inout JSONPullReader) throws {
        var complaint = Self.none
        try reader.object { key, value in
            switch key {
            case "error_number", "error_code", "errno", "code": complaint.number = try value.integer() ?? 0
            case "error", "message": complaint.error = try value.slurmText() ?? complaint.error
            case "description", "string": complaint.description = try value.slurmText()
            default: break
            }
        }
        self = complaint
    }

    private init() {}

    private static let none = RESTComplaint()

    /// Whether it says that nothing was found, which is an answer like another.
    var tellsOfNothingFound: Bool { number == 9003 || error == "Nothing found with query" }

    /// Whether it is a notice that a job waits for its release, as it was asked to.
    var tellsOfHeldJob: Bool { number == 2042 }

    /// Whether it is the notice that 0.0.38 gives of an array's tasks after it has changed them. It speaks of a failure, but names none.
    var tellsOfChangedArray: Bool { number == 0 && error == nil && description?.hasPrefix("job array update from ") == true }

    /// Whether it says anything.
    var isEmpty: Bool { number == 0 && error == nil && description == nil }

    /// Both, unless one says it all.
    var words: String {
        guard let error else { return description ?? "Slurm error \(number)" }
        guard let description, !error.contains(description) else { return error }
        return description.contains(error) ? description : "\(description): \(error)"
    }
}
