extension TransferTaskState {
    /// Where a task stands whose job is in a state of the scheduler's vocabulary (squeue(1), "JOB STATE CODES"); `nil` for a word that is not in it,
    /// so that a newer scheduler's step in between is not taken for an end.
    init?(jobState: String) {
        switch jobState {
        case "PENDING", "CONFIGURING", "POWER_UP_NODE", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT": self = .queued
        case "RUNNING", "COMPLETING", "EXPEDITING", "RESIZING", "SIGNALING", "STAGE_OUT", "STOPPED", "SUSPENDED", "UPDATE_DB": self = .running
        case "COMPLETED": self = .succeeded
        case "CANCELLED", "REVOKED": self = .cancelled
        case "BOOT_FAIL", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "RECONFIG_FAIL", "TIMEOUT": self = .failed
        default: return nil
        }
    }
}
