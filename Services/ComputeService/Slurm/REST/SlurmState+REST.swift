extension SlurmState {
    /// - Parameter words: A job's states as slurmrestd lists them: the base state, and behind it what is done to the job. `squeue` prints one of
    ///   those in place of the base state, and so do we: a cancelled job that still cleans up has not ended.
    init(words: [String]) {
        let states = words.map { SlurmState($0) }
        self = states.first { $0.flag != nil } ?? states.first ?? SlurmState("UNKNOWN")
    }
}
