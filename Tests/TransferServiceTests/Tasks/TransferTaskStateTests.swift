import Testing

@testable import TransferService

@Suite("States of a transfer task")
struct TransferTaskStateTests {
    private static let successors: [TransferTaskState: Set<TransferTaskState>] = [
        .accepted: [.submitted, .failed, .cancelled, .expired],
        .submitted: [.queued, .running, .succeeded, .failed, .cancelled, .expired],
        .queued: [.running, .succeeded, .failed, .cancelled, .expired],
        .running: [.queued, .succeeded, .failed, .cancelled, .expired],
        .succeeded: [], .failed: [], .cancelled: [], .expired: [],
    ]

    @Test("exactly the allowed steps are allowed", arguments: TransferTaskState.allCases)
    func steps(_ state: TransferTaskState) {
        let allowed = Set(TransferTaskState.allCases.filter { state.canBecome($0) })
        #expect(allowed == Self.successors[state])
    }

    @Test("a state has ended exactly when nothing can follow", arguments: TransferTaskState.allCases)
    func ends(_ state: TransferTaskState) {
        #expect(state.hasEnded == Self.successors[state]?.isEmpty)
    }
}
