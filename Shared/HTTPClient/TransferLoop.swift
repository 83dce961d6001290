import CLibCurl

/// What the transfer thread does, round by round: take commands, let curl work, hand out results, sleep.
final class TransferLoop {
    private static let idleHandleLimit = 64

    private let configuration: HTTPClient.Configuration
    private let mailbox: TransferMailbox
    private let multi: MultiHandle

    private var active: [ObjectIdentifier: ActiveTransfer] = [:]
    private var idleHandles: [EasyHandle] = []
    /// What may have something to deliver at the end of the round.
    private var touched: [Transfer] = []
    /// The start of the round.
    private(set) var now = ContinuousClock.now
    /// No time limit passes before this.
    private var nextCheck: ContinuousClock.Instant?

    private init(configuration: HTTPClient.Configuration, mailbox: TransferMailbox, multi: MultiHandle) {
        self.configuration = configuration
        self.mailbox = mailbox
        self.multi = multi
    }

    /// Starts the thread. If that fails, every transfer is refused.
    static func start(configuration: HTTPClient.Configuration) -> TransferMailbox {
        guard
            let multi = MultiHandle(
                maximumIdleConnections: configuration.maximumIdleConnections,
                maximumConnectionsPerHost: configuration.maximumConnectionsPerHost)
        else { return TransferMailbox(waking: nil) }
        let mailbox = TransferMailbox(waking: multi)
        let hasStarted = DetachedThread.start {
            TransferLoop(configuration: configuration, mailbox: mailbox, multi: multi).run()
        }
        return hasStarted ? mailbox : TransferMailbox(waking: nil)
    }

    /// Another point in time at which a limit of an active transfer may have passed.
    func watch(until instant: ContinuousClock.Instant) {
        nextCheck = nextCheck.map { min($0, instant) } ?? instant
    }

    func touch(_ active: ActiveTransfer) {
        guard !active.isTouched else { return }
        active.isTouched = true
        touched.append(active.transfer)
    }
}

// MARK: - Rounds

extension TransferLoop {
    private func run() {
        var commands: [TransferMailbox.Command] = []
        while true {
            let phase = mailbox.take(&commands)
            now = .now
            for command in commands { obey(command) }
            commands.removeAll(keepingCapacity: true)
            if phase == .now { cancelAll() }
            multi.perform()
            finishEnded()
            finishLate()
            deliver()
            if active.isEmpty, phase > .running, mailbox.close() { break }
            if mailbox.fallAsleep(in: phase) { multi.wait(atMost: nextCheck.map { $0 - .now } ?? .seconds(3600)) }
        }
        idleHandles = []
        multi.close()
        mailbox.tellStopped()
    }

    private func obey(_ command: TransferMailbox.Command) {
        switch command {
        case .start(let transfer):
            start(transfer)
        case .cancel(let transfer):
            guard let active = active[ObjectIdentifier(transfer)] else { return }
            end(active, with: .exchangeCancelled)
        case .resumeReading(let transfer):
            guard let active = active[ObjectIdentifier(transfer)] else { return }
            continueTransfer(active, active.resumeReceiving())
        case .resumeSending(let transfer):
            guard let active = active[ObjectIdentifier(transfer)] else { return }
            continueTransfer(active, active.resumeSending())
        }
    }

    private func start(_ transfer: Transfer) {
        guard !transfer.hasEnded else { return }
        guard let easy = idleHandles.popLast() ?? EasyHandle() else {
            return refuse(transfer, HTTPClientError(.unavailable, "out of memory for another transfer"))
        }
        let started = ActiveTransfer(transfer, on: easy, loop: self)
        do throws(CurlFailure) {
            try started.prepare(configuration)
        } catch {
            refuse(transfer, HTTPClientError(error.result, words: easy.words(for: error.result), request: transfer.request))
            return recycle(easy)
        }
        guard multi.add(easy) else {
            refuse(transfer, HTTPClientError(.unavailable, "curl cannot take another transfer"))
            return recycle(easy)
        }
        active[ObjectIdentifier(transfer)] = started
        if let limit = started.timeLimit { watch(until: limit) }
    }

    private func refuse(_ transfer: Transfer, _ error: HTTPClientError) {
        transfer.finish(with: error)
        transfer.deliver()
    }

    private func continueTransfer(_ active: ActiveTransfer, _ result: CURLcode) {
        // curl does not end a transfer by itself if going on fails.
        if result != CURLE_OK { end(active, with: error(of: active, result)) }
    }

    private func cancelAll() {
        for active in active.values { end(active, with: .clientShutDown) }
    }

    private func finishEnded() {
        while let (context, result) = multi.nextEnded() {
            let active = Unmanaged<ActiveTransfer>.fromOpaque(context).takeUnretainedValue()
            end(active, with: result == CURLE_OK ? nil : error(of: active, result))
        }
    }

    private func finishLate() {
        guard let nextCheck, now >= nextCheck else { return }
        self.nextCheck = nil
        for active in active.values {
            guard let limit = active.timeLimit else { continue }
            if limit <= now {
                end(active, with: active.timeLimitError)
            } else {
                watch(until: limit)
            }
        }
    }

    private func deliver() {
        for transfer in touched {
            active[ObjectIdentifier(transfer)]?.isTouched = false
            transfer.deliver()
        }
        touched.removeAll(keepingCapacity: true)
    }

    private func end(_ ended: ActiveTransfer, with error: HTTPClientError?) {
        multi.remove(ended.easy)
        ended.transfer.finish(with: error)
        touch(ended)
        recycle(ended.easy)
        active[ObjectIdentifier(ended.transfer)] = nil
    }

    private func error(of active: ActiveTransfer, _ result: CURLcode) -> HTTPClientError {
        active.failure ?? HTTPClientError(result, words: active.easy.words(for: result), request: active.transfer.request)
    }

    private func recycle(_ easy: EasyHandle) {
        easy.reset()
        if idleHandles.count < Self.idleHandleLimit { idleHandles.append(easy) }
    }
}
