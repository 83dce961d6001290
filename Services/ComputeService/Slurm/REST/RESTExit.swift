import GoldcrestProtocol

/// How a job or step ended, in any of slurmrestd's forms: as wait(2) tells it, or as an object.
struct RESTExit {
    /// `nil` while it is not known.
    private(set) var code: Int?
    /// `nil` if no signal ended it.
    private(set) var signal: Int?

    init() {}

    init(reading reader: inout JSONPullReader) throws {
        guard try reader.kind() == .object else {
            guard let status = try reader.integer(), (0...0xFFFF).contains(status) else { return }
            code = status >> 8
            signal = status & 0x7F == 0 ? nil : status & 0x7F
            return
        }
        var code: Int?
        var signal: Int?
        try reader.object { key, value in
            switch key {
            case "return_code": code = try value.slurmInteger()
            case "signal":
                try value.object { key, value in
                    switch key {
                    case "id", "signal_id": signal = try value.slurmInteger()
                    default: break
                    }
                }
            default: break
            }
        }
        self.signal = signal == 0 ? nil : signal
        // `sacct` prints 0 for the code of what a signal ended.
        self.code = code ?? (self.signal == nil ? nil : 0)
    }

    /// - Parameter tellsCodes: Whether a code of 0 can be believed of what did not succeed.
    func status(_ state: SlurmState, reason: String?, tellsCodes: Bool = true) -> JobStatus {
        guard state.isFinal else { return JobStatus(state: state.base, stateReason: state.reason(reason), exitCode: nil, interruptSignal: nil) }
        let isDoubtful = !tellsCodes && code == 0 && signal == nil && state.base == "FAILED"
        return JobStatus(
            state: state.base, stateReason: state.reason(reason), exitCode: isDoubtful ? nil : code, interruptSignal: signal)
    }
}
