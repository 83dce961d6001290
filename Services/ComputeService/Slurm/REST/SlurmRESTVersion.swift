import GoldcrestProtocol

/// A version of slurmrestd's API, and all that differs from one to the next in what is sent to it. What comes back is read in any version's
/// form: see `JSONPullReader+Slurm.swift`.
///
/// 0.0.38 came with Slurm 22.05, 0.0.39 with 23.02, 0.0.40 with 23.11, 0.0.41 with 24.05, 0.0.42 with 24.11. Versions that are newer than those
/// behave like the newest.
struct SlurmRESTVersion: Sendable, Hashable {
    /// As it stands in URLs: `v0.0.42`.
    let name: String
    private let number: Int

    /// - Parameter text: `0.0.42` or `v0.0.42`.
    /// - Returns: `nil` for what is no version; such text must not get into a URL.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: #/v?0\.0\.([0-9]{1,4})/#), let number = Int(match.1) else { return nil }
        self.number = number
        name = "v0.0.\(number)"
    }

    /// Whether a job's values are options of `sbatch`, in its own syntax; from then on they are fields of the RPC to the controller, with
    /// numbers in fixed units.
    var takesOptions: Bool { number <= 38 }

    /// Whether the environment is a list of `NAME=value` in place of an object.
    var listsEnvironment: Bool { number >= 39 }

    /// Whether the script is a field of the job; otherwise it stands beside it.
    var putsScriptIntoJob: Bool { number >= 40 }

    /// Whether the time at which a job may begin is an object as other numbers are.
    var wrapsBeginTime: Bool { number >= 40 }

    /// Whether accounting can be asked for a user's jobs; before, an unknown filter is an error.
    var filtersByUser: Bool { number >= 40 }

    /// Whether lists can be asked for with or without something. In a list of jobs `ALL` alone leaves out which cores of which node each has,
    /// which is half of it;
    /// in one of partitions it adds the hidden ones.
    var takesFlags: Bool { number >= 40 }

    /// Whether `12_[3-5]` can be cancelled by a list of jobs; as part of the path only options' syntax has it.
    var cancelsByList: Bool { number >= 41 }

    /// Whether single tasks of an array can be held and released.
    var changesArrayTasks: Bool { takesOptions }

    /// Whether cancelling `12_3` ends that task alone. 0.0.39 and 0.0.40 read no more than `12`.
    var cancelsArrayTasks: Bool { takesOptions || number >= 41 }

    /// Whether accounting tells exit codes. 0.0.38 says 0 for each that is none of a signal.
    var tellsExitCodes: Bool { number >= 39 }
}

extension SlurmRESTVersion {
    /// The filter of accounting for jobs of these numbers.
    func steps(_ numbers: [String]) -> [(name: String, value: String)] {
        takesOptions ? [("step", numbers.joined(separator: ","))] : numbers.map { ("step", $0) }
    }
}

/// The values of a job's fields.
extension SlurmRESTVersion {
    /// A number with a unit; `nil` stands for "without limit".
    func number(_ number: Int?) -> JSONValue {
        if takesOptions { return number.map { .integer(Int64($0)) } ?? .string("UNLIMITED") }
        return wrapped(number)
    }

    /// - Parameter time: Seconds since 1970.
    func beginTime(_ time: Int) -> JSONValue {
        if takesOptions { return .string("uts\(time)") }
        return wrapsBeginTime ? wrapped(time) : .integer(Int64(time))
    }

    private func wrapped(_ number: Int?) -> JSONValue {
        .object(["set": .bool(number != nil), "infinite": .bool(number == nil), "number": .integer(Int64(number ?? 0))])
    }

    /// - Parameter list: As `sbatch --gres` takes it: `gpu:2,license:1`.
    func genericResources(_ list: String) -> (name: String, value: JSONValue) {
        if takesOptions { return ("gres", .string(list)) }
        let separator = number >= 41 ? "/" : ":"
        let resources = list.split(separator: ",").map { $0.hasPrefix("gres") ? String($0) : "gres\(separator)\($0)" }
        return ("tres_per_node", .string(resources.joined(separator: ",")))
    }

    /// - Parameter list: As `sbatch --mail-type` takes it.
    /// - Returns: `nil` if it holds a word that is none.
    func mailTypes(_ list: String) -> JSONValue? {
        if takesOptions { return .string(list) }
        var types: [String] = []
        for word in list.uppercased().split(separator: ",") {
            switch word {
            case "NONE": break
            case "ALL": types += ["BEGIN", "END", "FAIL", "INVALID_DEPENDENCY", "REQUEUE", "STAGE_OUT"]
            case "TIME_LIMIT": types.append("TIME=100%")
            case "TIME_LIMIT_90", "TIME_LIMIT_80", "TIME_LIMIT_50": types.append("TIME=\(word.suffix(2))%")
            case "BEGIN", "END", "FAIL", "INVALID_DEPENDENCY", "REQUEUE", "STAGE_OUT", "ARRAY_TASKS": types.append(String(word))
            default: return nil
            }
        }
        return .array(types.map { .string($0) })
    }
}
