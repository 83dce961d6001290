import NIOCore
import Testing

@testable import GoldcrestSSH

@Suite("The pool's bookkeeping")
struct PoolStateTests {
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func state(connections: Int = 10, sessions: Int = 2, _ configure: (inout SSHLimits) -> Void = { _ in }) -> SSHPoolState {
        var limits = SSHLimits()
        limits.maximumConnections = connections
        limits.maximumSessions = sessions
        configure(&limits)
        return SSHPoolState(limits: limits)
    }

    /// A pool with one open, unused connection of a user.
    private func opened(_ state: inout SSHPoolState, _ user: String = "a", waiter: Int = 900) -> Int {
        var id = 0
        for case .open(let connection, _) in state.enqueue(waiter, user: user, now: start) { id = connection }
        #expect(state.opened(id, user: user, now: start) == [.lease(waiter, on: id)])
        #expect(state.release(id, now: start) == [])
        return id
    }

    @Test("one login serves all who wait")
    func oneLogin() {
        var state = state()
        #expect(state.enqueue(1, user: "a", now: start) == [.open(1, user: "a")])
        #expect(state.enqueue(2, user: "a", now: start) == [])
        #expect(state.enqueue(3, user: "a", now: start) == [])
        let actions = state.opened(1, user: "a", now: start + .milliseconds(10))
        #expect(actions == [.lease(1, on: 1), .lease(2, on: 1), .checkGrowth(user: "a", at: start + .milliseconds(50))])
    }

    @Test("users do not share connections")
    func separateUsers() {
        var state = state()
        let first = opened(&state)
        #expect(state.leaseAtOnce(user: "b") == nil)
        #expect(state.enqueue(2, user: "b", now: start) == [.open(2, user: "b")])
        #expect(state.leaseAtOnce(user: "a") == first)
    }

    @Test("who comes first is served first, and nobody overtakes the queue")
    func order() {
        var state = state(sessions: 1)
        let id = opened(&state)
        #expect(state.leaseAtOnce(user: "a") == id)
        _ = state.enqueue(1, user: "a", now: start)
        _ = state.enqueue(2, user: "a", now: start)
        #expect(state.release(id, now: start).first == .lease(1, on: id))
        #expect(state.leaseAtOnce(user: "a") == nil)
        #expect(state.release(id, now: start) == [.lease(2, on: id)])
    }

    @Test("a refused channel is tried again after a while, and one more after another while")
    func recovery() {
        var state = state(sessions: 4) { $0.idleTimeout = .seconds(60) }
        let id = opened(&state)
        for _ in 0..<4 { #expect(state.leaseAtOnce(user: "a") == id) }
        _ = state.refused(id, now: start)
        _ = state.refused(id, now: start)
        #expect(state.leaseAtOnce(user: "a") == nil)
        #expect(state.prune(now: start + .seconds(9)) == [])
        #expect(state.leaseAtOnce(user: "a") == nil)
        #expect(state.enqueue(1, user: "a", now: start + .seconds(9)) == [.checkGrowth(user: "a", at: start + .milliseconds(9050))])
        #expect(state.prune(now: start + .seconds(10)) == [.lease(1, on: id)])
        #expect(state.prune(now: start + .seconds(11)) == [])
        #expect(state.leaseAtOnce(user: "a") == nil)
        #expect(state.prune(now: start + .seconds(20)) == [])
        #expect(state.leaseAtOnce(user: "a") == id)
        #expect(state.prune(now: start + .seconds(40)) == [])
        #expect(state.leaseAtOnce(user: "a") == nil)
    }

    @Test("a second connection is opened only when the wait is long")
    func growth() {
        var state = state(sessions: 1)
        let id = opened(&state)
        #expect(state.leaseAtOnce(user: "a") == id)
        let due = start + .milliseconds(50)
        #expect(state.enqueue(1, user: "a", now: start) == [.checkGrowth(user: "a", at: due)])
        #expect(state.enqueue(2, user: "a", now: start + .milliseconds(30)) == [])
        #expect(state.release(id, now: start + .milliseconds(40)) == [.lease(1, on: id)])
        #expect(state.growthDue(user: "a", now: due) == [.checkGrowth(user: "a", at: start + .milliseconds(80))])
        #expect(state.growthDue(user: "a", now: start + .milliseconds(80)) == [.open(2, user: "a")])
        #expect(state.enqueue(3, user: "a", now: start + .milliseconds(200)) == [])
    }

    @Test("a failed login fails those who wait, unless other connections serve them")
    func failedLogin() {
        var state = state(sessions: 1)
        _ = state.enqueue(1, user: "a", now: start)
        #expect(state.openFailed(1, user: "a", now: start) == [.fail(1, of: 1)])
        #expect(state.users.isEmpty)
        let id = opened(&state)
        #expect(state.leaseAtOnce(user: "a") == id)
        _ = state.enqueue(2, user: "a", now: start)
        #expect(state.growthDue(user: "a", now: start + .seconds(1)) == [.open(3, user: "a")])
        #expect(state.openFailed(3, user: "a", now: start + .seconds(1)) == [])
        #expect(state.release(id, now: start + .seconds(1)) == [.lease(2, on: id)])
    }

    @Test("at the limit an idle connection of another user makes room")
    func replacement() {
        var state = state(connections: 2)
        let old = opened(&state, "a")
        let busy = opened(&state, "b")
        #expect(state.leaseAtOnce(user: "b") == busy)
        #expect(state.enqueue(1, user: "c", now: start) == [.close(old), .open(3, user: "c")])
        #expect(state.connectionCount == 2)
    }

    @Test("at the limit users wait in order for a connection to become idle")
    func fullSystem() {
        var state = state(connections: 1)
        let id = opened(&state, "a")
        #expect(state.leaseAtOnce(user: "a") == id)
        #expect(state.enqueue(1, user: "b", now: start) == [])
        #expect(state.enqueue(2, user: "c", now: start) == [])
        #expect(state.release(id, now: start) == [.close(id), .open(2, user: "b")])
        #expect(state.opened(2, user: "b", now: start) == [.lease(1, on: 2)])
        #expect(state.release(2, now: start) == [.close(2), .open(3, user: "c")])
    }

    @Test("a user who has left the queue does not cost another's idle connection")
    func goneWaiter() {
        var state = state(connections: 1)
        let id = opened(&state, "a")
        #expect(state.leaseAtOnce(user: "a") == id)
        _ = state.enqueue(1, user: "b", now: start)
        let wasWaiting = [state.remove(1, user: "b"), state.remove(1, user: "b")]
        #expect(wasWaiting == [true, false])
        #expect(state.release(id, now: start) == [])
        #expect(state.leaseAtOnce(user: "a") == id)
    }

    @Test("who has several connections gives one to who has none")
    func fairness() {
        var state = state(connections: 2, sessions: 1)
        let first = opened(&state)
        #expect(state.leaseAtOnce(user: "a") == first)
        _ = state.enqueue(1, user: "a", now: start)
        #expect(state.growthDue(user: "a", now: start + .seconds(1)) == [.open(2, user: "a")])
        #expect(state.opened(2, user: "a", now: start + .seconds(1)) == [.lease(1, on: 2)])
        #expect(state.enqueue(2, user: "b", now: start + .seconds(1)) == [])
        _ = state.enqueue(3, user: "a", now: start + .seconds(1))
        #expect(state.release(2, now: start + .seconds(1)) == [.close(2), .open(3, user: "b")])
    }

    @Test("a refused channel lowers the connection's limit and puts the request in front again")
    func refusal() {
        var state = state(sessions: 3)
        let id = opened(&state)
        for _ in 0..<3 { #expect(state.leaseAtOnce(user: "a") == id) }
        _ = state.enqueue(1, user: "a", now: start)
        #expect(state.refused(id, now: start) == [])
        _ = state.enqueue(2, user: "a", now: start, first: true)
        #expect(state.release(id, now: start) == [.lease(2, on: id)])
        #expect(state.release(id, now: start) == [.lease(1, on: id)])
        #expect(state.leaseAtOnce(user: "a") == nil)
    }

    @Test("a connection that refuses its only channel is closed")
    func refusalOfTheOnlyChannel() {
        var state = state()
        let id = opened(&state)
        #expect(state.leaseAtOnce(user: "a") == id)
        #expect(state.refused(id, now: start) == [.close(id)])
        #expect(state.users.isEmpty)
    }

    @Test("a lost connection is replaced for those who wait, and its commands release nothing")
    func loss() {
        var state = state(sessions: 1)
        let id = opened(&state)
        #expect(state.leaseAtOnce(user: "a") == id)
        _ = state.enqueue(1, user: "a", now: start)
        #expect(state.lost(id, now: start) == [.open(2, user: "a")])
        #expect(state.release(id, now: start) == [])
        #expect(state.opened(2, user: "a", now: start) == [.lease(1, on: 2)])
    }

    @Test("idle connections are closed in time, busy ones never")
    func pruning() {
        var state = state { $0.idleTimeout = .seconds(60) }
        let idle = opened(&state, "a")
        let busy = opened(&state, "b")
        #expect(state.leaseAtOnce(user: "b") == busy)
        #expect(state.prune(now: start + .seconds(59)) == [])
        #expect(state.prune(now: start + .seconds(60)) == [.close(idle)])
        #expect(state.prune(now: start + .seconds(600)) == [])
    }

    @Test("shares take no channel, keep the connection open, and do not wait for commands")
    func sharing() {
        var state = state(connections: 1, sessions: 3) { $0.reservesSFTPChannel = true }
        let id = opened(&state)
        for _ in 0..<2 { #expect(state.leaseAtOnce(user: "a") == id) }
        #expect(state.leaseAtOnce(user: "a") == nil)
        _ = state.enqueue(1, user: "a", now: start)
        for _ in 0..<20 { #expect(state.shareAtOnce(user: "a") == id) }
        #expect(state.release(id, now: start) == [.lease(1, on: id)])
        for _ in 0..<2 { #expect(state.release(id, now: start) == []) }
        #expect(state.prune(now: start + .seconds(600)) == [])
        #expect(state.enqueue(2, user: "b", now: start) == [])
        for _ in 0..<19 { #expect(state.releaseShare(id, now: start) == []) }
        #expect(state.releaseShare(id, now: start) == [.close(id), .open(2, user: "b")])
    }

    @Test("one login serves commands and sharers, whoever came first")
    func sharersWait() {
        var state = state(sessions: 2) { $0.reservesSFTPChannel = true }
        #expect(state.shareAtOnce(user: "a") == nil)
        #expect(state.enqueueSharer(1, user: "a", now: start) == [.open(1, user: "a")])
        #expect(state.enqueue(2, user: "a", now: start) == [])
        #expect(state.enqueue(3, user: "a", now: start) == [])
        #expect(state.enqueueSharer(4, user: "a", now: start) == [])
        #expect(state.enqueueSharer(5, user: "a", now: start) == [])
        let wasWaiting = [state.remove(5, user: "a"), state.remove(5, user: "a")]
        #expect(wasWaiting == [true, false])
        let actions = state.opened(1, user: "a", now: start)
        #expect(actions == [.lease(2, on: 1), .lease(1, on: 1), .lease(4, on: 1), .checkGrowth(user: "a", at: start + .milliseconds(50))])
        _ = state.lost(1, now: start)
        #expect(state.releaseShare(1, now: start) == [])
        #expect(state.enqueueSharer(6, user: "b", now: start) == [.open(3, user: "b")])
        #expect(state.openFailed(3, user: "b", now: start) == [.fail(6, of: 3)])
        #expect(state.users["b"] == nil)
    }

    @Test("a share is in the connection with the fewest, and in none that is draining")
    func fewestSharers() {
        var state = state(connections: 2, sessions: 1)
        let first = opened(&state)
        #expect(state.leaseAtOnce(user: "a") == first)
        _ = state.enqueue(1, user: "a", now: start)
        #expect(state.growthDue(user: "a", now: start + .seconds(1)) == [.open(2, user: "a")])
        #expect(state.opened(2, user: "a", now: start + .seconds(1)) == [.lease(1, on: 2)])
        let shares = (0..<4).compactMap { _ in state.shareAtOnce(user: "a") }
        #expect(shares.sorted() == [first, first, 2, 2])
        #expect(state.release(2, now: start) == [])
        // Another user wants a connection: the second drains.
        #expect(state.enqueueSharer(2, user: "b", now: start) == [])
        #expect(state.shareAtOnce(user: "a") == first)
        #expect(state.releaseShare(2, now: start) == [])
        #expect(state.releaseShare(2, now: start) == [.close(2), .open(3, user: "b")])
    }

    @Test("while SFTP finds no channel, commands use fewer, and more again after a while")
    func crowdedOut() {
        var state = state(sessions: 3) { $0.idleTimeout = .seconds(60) }
        let id = opened(&state)
        #expect(state.shareAtOnce(user: "a") == id)
        let withoutCommands = state.lowerLimit(id, now: start)
        #expect(!withoutCommands)
        for _ in 0..<3 { #expect(state.leaseAtOnce(user: "a") == id) }
        let withCommands = state.lowerLimit(id, now: start)
        #expect(withCommands)
        _ = state.release(id, now: start)
        #expect(state.leaseAtOnce(user: "a") == nil)
        _ = state.release(id, now: start)
        #expect(state.leaseAtOnce(user: "a") == id)
        #expect(state.prune(now: start + .seconds(10)) == [])
        #expect(state.leaseAtOnce(user: "a") == id)
    }

    @Test("after any course of events no count is wrong and nothing stays behind", arguments: 0..<50)
    func randomCourse(seed: UInt64) {
        var random = SplitMix(seed)
        var state = state(connections: 4, sessions: 3) { $0.idleTimeout = .seconds(5) }
        var now = start
        var (opening, leases, waiting): ([(Int, String)], [Int], [Int: String]) = ([], [], [:])
        var (shares, waitingSharers): ([Int], [Int: String]) = ([], [:])
        func apply(_ actions: [SSHPoolState.Action]) {
            for action in actions {
                switch action {
                case .open(let id, let user): opening.append((id, user))
                case .close(let id): #expect(!leases.contains(id) && !shares.contains(id))
                case .lease(let waiter, let id) where waitingSharers[waiter] != nil:
                    waitingSharers[waiter] = nil
                    shares.append(id)
                case .lease(let waiter, let id):
                    #expect(waiting.removeValue(forKey: waiter) != nil)
                    leases.append(id)
                case .fail(let waiter, _): #expect((waiting.removeValue(forKey: waiter) ?? waitingSharers.removeValue(forKey: waiter)) != nil)
                case .checkGrowth: break
                }
            }
        }
        for step in 0..<2000 {
            now = now + .milliseconds(Int64.random(in: 0..<50, using: &random))
            let user = ["a", "b", "c", "d", "e", "f"].randomElement(using: &random) ?? "a"
            switch Int.random(in: 0..<16, using: &random) {
            case 0..<4:
                if let id = state.leaseAtOnce(user: user) {
                    leases.append(id)
                } else {
                    waiting[step] = user
                    apply(state.enqueue(step, user: user, now: now))
                }
            case 4..<7:
                if let index = leases.indices.randomElement(using: &random) { apply(state.release(leases.remove(at: index), now: now)) }
            case 7..<9:
                if let index = opening.indices.randomElement(using: &random) {
                    let (id, user) = opening.remove(at: index)
                    apply(Bool.random(using: &random) ? state.opened(id, user: user, now: now) : state.openFailed(id, user: user, now: now))
                }
            case 9:
                if let (waiter, user) = waiting.randomElement(using: &random), state.remove(waiter, user: user) { waiting[waiter] = nil }
            case 10:
                if let id = state.connections.keys.sorted().randomElement(using: &random) {
                    leases.removeAll { $0 == id }
                    shares.removeAll { $0 == id }
                    apply(state.lost(id, now: now))
                }
            case 11..<13:
                if let id = state.shareAtOnce(user: user) {
                    shares.append(id)
                } else {
                    waitingSharers[step] = user
                    apply(state.enqueueSharer(step, user: user, now: now))
                }
            case 13:
                if let index = shares.indices.randomElement(using: &random) { apply(state.releaseShare(shares.remove(at: index), now: now)) }
            case 14:
                if let (waiter, user) = waitingSharers.randomElement(using: &random), state.remove(waiter, user: user) { waitingSharers[waiter] = nil }
                if let id = state.connections.keys.sorted().randomElement(using: &random) { _ = state.lowerLimit(id, now: now) }
            default:
                apply(state.prune(now: now) + state.growthDue(user: user, now: now))
            }
            #expect(state.connectionCount <= 4)
            #expect(state.connections.allSatisfy { (id, connection) in connection.inUse == leases.count { $0 == id } && connection.inUse <= 3 })
            #expect(state.connections.allSatisfy { (id, connection) in connection.sharers == shares.count { $0 == id } })
        }
        // Everything comes to its end.
        for _ in 0..<5000 where !leases.isEmpty || !shares.isEmpty || !opening.isEmpty || !waiting.isEmpty || !waitingSharers.isEmpty {
            now = now + .milliseconds(100)
            if let (id, user) = opening.popLast() { apply(state.opened(id, user: user, now: now)) }
            if let id = leases.popLast() { apply(state.release(id, now: now)) }
            if let id = shares.popLast() { apply(state.releaseShare(id, now: now)) }
            for user in state.users.keys.sorted() { apply(state.growthDue(user: user, now: now)) }
        }
        #expect(waiting.isEmpty && leases.isEmpty && waitingSharers.isEmpty && shares.isEmpty)
        for user in state.users.keys.sorted() { apply(state.growthDue(user: user, now: now)) }
        apply(state.prune(now: now + .seconds(60)))
        #expect(state.connectionCount == 0)
        #expect(state.users.isEmpty)
    }
}
