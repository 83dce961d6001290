import NIOCore

/// When a connection was last heard of, and when it must be asked whether it is still there.
struct KeepAliveClock {
    /// An answer that is being waited for is late after this many quiet intervals, the one before the question included.
    static let intervalsUntilDead = 3
    /// libssh2 keeps the answer to each question for as long as the session lives, so after this many a connection is closed when nobody
    /// uses it, and a new one takes its place.
    static let maximumQuestions = 500

    var lastHeard = NIODeadline.now()
    /// When the question was sent that nothing was heard after.
    var askedAt: NIODeadline?
    var questions = 0
    var timer: Scheduled<Void>?

    mutating func heard() {
        lastHeard = .now()
        askedAt = nil
    }

    mutating func cancel() {
        timer?.cancel()
        timer = nil
    }
}

extension SSHConnection {
    /// Asks the server for an answer whenever it has been quiet for `interval`, and gives the connection up when it stays quiet for three.
    func keepAlive(every interval: TimeAmount) {
        guard interval > .zero else { return }
        session.configureKeepAlive()
        scheduleKeepAlive(at: .now() + interval, every: interval)
    }

    private func scheduleKeepAlive(at time: NIODeadline, every interval: TimeAmount) {
        keepAlive.timer = eventLoop.scheduleTask(deadline: time) { [weak self] in
            self?.assumeIsolated { $0.checkPeer(every: interval) }
        }
    }

    private func checkPeer(every interval: TimeAmount) {
        guard isOpen else { return }
        let now = NIODeadline.now()
        let dead = keepAlive.lastHeard + interval * KeepAliveClock.intervalsUntilDead
        if keepAlive.askedAt != nil, now >= dead {
            return fail(SSHError(.connectionLost, "\(name) has not answered for \(interval * KeepAliveClock.intervalsUntilDead); the connection was given up."))
        }
        if keepAlive.questions >= KeepAliveClock.maximumQuestions, isUnused { return close() }
        if keepAlive.askedAt == nil, now >= keepAlive.lastHeard + interval {
            ask(at: now)
        }
        let next = keepAlive.askedAt == nil ? keepAlive.lastHeard + interval : dead
        scheduleKeepAlive(at: max(next, now + interval / 4), every: interval)
    }

    private func ask(at now: NIODeadline) {
        do {
            guard try session.sendKeepAlive() else { return }
            keepAlive.askedAt = now
            keepAlive.questions += 1
            flush()
        } catch {
            noteBreak(error)
        }
    }
}

extension TimeAmount {
    fileprivate static func / (amount: TimeAmount, divisor: Int64) -> TimeAmount {
        .nanoseconds(amount.nanoseconds / divisor)
    }
}
