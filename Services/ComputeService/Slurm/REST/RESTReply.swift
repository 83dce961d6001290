import HTTPTypes

/// What an answer of slurmrestd holds beside the list that was asked for.
struct RESTReply: Sendable {
    let status: HTTPResponse.Status
    private(set) var complaints: [RESTComplaint] = []
    /// The id of a job that was submitted.
    private(set) var jobID: Int?

    /// When the controller made the list, in its own seconds since 1970; `nil` if it made none, since nothing has changed.
    private(set) var lastUpdate: Int?

    /// More complaints than anybody reads.
    private static let mostComplaints = 32

    init(status: HTTPResponse.Status) {
        self.status = status
    }

    /// Takes a field of the answer's object; most are of no interest.
    mutating func take(_ name: String, _ bytes: UnsafeRawBufferPointer) throws {
        var reader = JSONPullReader(bytes)
        switch name {
        case "errors": try add(&reader) { try RESTComplaint(reading: &$0) }
        case "status": try add(&reader, Self.outcome)
        case "last_update": lastUpdate = try reader.slurmTime()
        case "job_id": jobID = try reader.slurmInteger()
        default: break
        }
    }

    private mutating func add(_ reader: inout JSONPullReader, _ read: (inout JSONPullReader) throws -> RESTComplaint?) throws {
        var complaints = complaints
        try reader.array { element in
            guard complaints.count < Self.mostComplaints, let complaint = try read(&element), !complaint.isEmpty else { return }
            complaints.append(complaint)
        }
        self.complaints = complaints
    }

    /// How the cancelling of one of several jobs went.
    private static func outcome(_ reader: inout JSONPullReader) throws -> RESTComplaint? {
        var complaint: RESTComplaint?
        try reader.object { key, value in
            switch key {
            case "error": complaint = try RESTComplaint(reading: &value)
            default: break
            }
        }
        return complaint?.number == 0 ? nil : complaint
    }

    /// - Throws: ``RESTRefusal`` if slurmrestd did not do what it was asked. It says so by its status, by `errors`, or by both.
    func requireSuccess() throws {
        let real = complaints.filter { !$0.tellsOfNothingFound && !$0.tellsOfHeldJob && !$0.tellsOfChangedArray }
        guard real.isEmpty, status.kind == .successful || !complaints.isEmpty else { throw RESTRefusal(status: status, complaints: real) }
    }
}
