import HTTPTypes
import NIOCore
import Synchronization

/// What the caller of an exchange and the transfer thread share: the response as far as it has come, and who waits for it.
///
/// The thread stores what arrives and wakes the waiter once for everything that one round of the loop brought (``deliver()``), so a small response
/// costs one change of threads.
final class Transfer: Sendable {
    struct Limits: Sendable {
        /// To the response's head; with `collectedBytes` to the end of the response.
        var deadline: Duration
        var bodyInactivity: Duration
        /// The largest body, where head and body are wanted as one.
        var collectedBytes: Int?
    }

    enum Reception {
        case accepted
        /// Nothing was taken; offer it again after ``TransferMailbox/Command/resumeReading(_:)``.
        case full
        case refused(HTTPClientError)
    }

    /// Bytes of the response that may wait for the reader. A part larger than that is never offered.
    static let bufferLimit = 256 * 1024

    let request: HTTPClientRequest
    let headerLines: HeaderLines
    let limits: Limits
    /// The pieces of a streamed request body.
    let outgoing: RequestBodyQueue?
    private let mailbox: TransferMailbox
    private let state = Mutex(State())

    init(_ request: HTTPClientRequest, headerLines: HeaderLines, limits: Limits, mailbox: TransferMailbox) {
        self.request = request
        self.headerLines = headerLines
        self.limits = limits
        self.mailbox = mailbox
        if case .stream(let length, _) = request.body {
            self.outgoing = RequestBodyQueue(length: length)
        } else {
            self.outgoing = nil
        }
    }
}

// MARK: - For the caller

extension Transfer {
    /// Starts the transfer and waits for the response's head.
    func head() async throws -> HTTPResponse {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { start(.head($0)) }
        } onCancel: {
            cancel()
        }
    }

    /// Starts the transfer and waits for the whole response.
    func response() async throws -> HTTPClientResponse {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { start(.response($0)) }
        } onCancel: {
            cancel()
        }
    }

    /// All of the body that has arrived since the last call, or nil at its end.
    func nextBodyPart() async throws -> ByteBuffer? {
        let (part, wasPaused) = state.withLock { $0.takeBodyPart() }
        if wasPaused { mailbox.post(.resumeReading(self)) }
        if let part { return try part.get() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(.bodyPart($0)) }
        } onCancel: {
            cancel()
        }
    }

    var wholeBufferedBody: ByteBuffer? {
        state.withLock { state in
            guard case .complete = state.end else { return nil }
            return state.body
        }
    }

    func cancel() {
        fail(.exchangeCancelled)
    }

    private func start(_ waiter: Waiter) {
        guard wait(waiter) else { return }
        guard mailbox.post(.start(self)) else {
            finish(with: .clientShutDown)
            return deliver()
        }
        if let outgoing, case .stream(_, let sequence) = request.body {
            outgoing.fill(from: sequence, of: self)
        }
    }

    /// - Returns: Whether it has to wait; otherwise its continuation has been resumed.
    @discardableResult
    private func wait(_ waiter: Waiter) -> Bool {
        let (resumption, wasPaused, isBusy) = state.withLock { state -> (Resumption?, Bool, Bool) in
            guard case .nobody = state.waiter else { return (nil, false, true) }
            state.waiter = waiter
            let (resumption, wasPaused) = state.takeResumption()
            return (resumption, wasPaused, false)
        }
        if isBusy {
            waiter.fail(HTTPClientError(.invalidRequest, "two tasks read the same response body; a body has one reader"))
            return false
        }
        if wasPaused { mailbox.post(.resumeReading(self)) }
        resumption?.resume()
        return resumption == nil
    }
}

// MARK: - For both sides

extension Transfer {
    /// Ends the transfer from outside of the transfer thread; what has arrived and was not read is dropped.
    func fail(_ error: HTTPClientError) {
        let (isFirst, resumption) = state.withLock { state -> (Bool, Resumption?) in
            guard state.end == nil else { return (false, nil) }
            state.end = .failed(error)
            state.body = ByteBuffer()
            return (true, state.takeResumption().0)
        }
        guard isFirst else { return }
        outgoing?.close()
        mailbox.post(.cancel(self))
        resumption?.resume()
    }

    /// The request's body has something to send again.
    func resumeSending() {
        mailbox.post(.resumeSending(self))
    }
}

// MARK: - For the transfer thread

extension Transfer {
    var hasEnded: Bool { state.withLock { $0.end != nil } }

    func receive(_ head: HTTPResponse) -> HTTPClientError? {
        let length = head.headerFields[.contentLength].flatMap(Int.init)
        if let length, let limit = limits.collectedBytes, length > limit, request.method != .head {
            return tooLarge(limit)
        }
        state.withLock { state in
            state.head = head
            if let length, request.method != .head {
                state.body.reserveCapacity(max(0, min(length, Self.bufferLimit)))
            }
        }
        return nil
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Reception {
        state.withLock { state in
            let total = state.body.readableBytes + bytes.count
            if let limit = limits.collectedBytes {
                guard total <= limit else { return .refused(tooLarge(limit)) }
            } else if total > Self.bufferLimit, state.body.readableBytes > 0 {
                state.isPaused = true
                return .full
            }
            state.body.writeBytes(bytes)
            return .accepted
        }
    }

    /// Stores the end; the waiter hears of it by ``deliver()``.
    func finish(with error: HTTPClientError?) {
        state.withLock { state in
            guard state.end == nil else { return }
            // curl takes a head that breaks off between two lines for a response.
            let error = error ?? (state.head == nil ? brokenHead : nil)
            state.end = error.map { .failed($0) } ?? .complete
        }
        outgoing?.close()
    }

    /// Wakes the waiter if there is something for it.
    func deliver() {
        let (resumption, wasPaused) = state.withLock { $0.takeResumption() }
        if wasPaused { mailbox.post(.resumeReading(self)) }
        resumption?.resume()
    }

    private var brokenHead: HTTPClientError {
        HTTPClientError(.connectionFailed, "\(request.summary): the server closed the connection before the response's head was whole")
    }

    private func tooLarge(_ limit: Int) -> HTTPClientError {
        HTTPClientError(.responseTooLarge, "\(request.summary): the response's body is larger than the \(limit) bytes allowed")
    }
}

// MARK: - State

extension Transfer {
    private enum End {
        case complete
        case failed(HTTPClientError)
    }

    private enum Waiter {
        case nobody
        case head(CheckedContinuation<HTTPResponse, any Error>)
        case response(CheckedContinuation<HTTPClientResponse, any Error>)
        case bodyPart(CheckedContinuation<ByteBuffer?, any Error>)

        func fail(_ error: HTTPClientError) {
            switch self {
            case .nobody: break
            case .head(let continuation): continuation.resume(throwing: error)
            case .response(let continuation): continuation.resume(throwing: error)
            case .bodyPart(let continuation): continuation.resume(throwing: error)
            }
        }
    }

    /// A continuation with what it is resumed with, to be done after unlocking.
    private enum Resumption {
        case head(CheckedContinuation<HTTPResponse, any Error>, HTTPResponse)
        case response(CheckedContinuation<HTTPClientResponse, any Error>, HTTPClientResponse)
        case bodyPart(CheckedContinuation<ByteBuffer?, any Error>, Result<ByteBuffer?, HTTPClientError>)
        case failure(Waiter, HTTPClientError)

        func resume() {
            switch self {
            case .head(let continuation, let head): continuation.resume(returning: head)
            case .response(let continuation, let response): continuation.resume(returning: response)
            case .bodyPart(let continuation, let part): continuation.resume(with: part)
            case .failure(let waiter, let error): waiter.fail(error)
            }
        }
    }

    private struct State {
        var head: HTTPResponse?
        /// What has arrived and was not read.
        var body = ByteBuffer()
        /// Whether curl was told that there is no room.
        var isPaused = false
        var end: End?
        var waiter = Waiter.nobody

        /// What the body's reader gets now (nil: it has to wait), and whether curl may go on therefore.
        mutating func takeBodyPart() -> (Result<ByteBuffer?, HTTPClientError>?, wasPaused: Bool) {
            if body.readableBytes > 0 {
                defer {
                    body = ByteBuffer()
                    isPaused = false
                }
                return (.success(body), isPaused)
            }
            switch end {
            case nil: return (nil, false)
            case .complete: return (.success(nil), false)
            case .failed(let error): return (.failure(error), false)
            }
        }

        /// The resumption of the waiter, if what it waits for is there, and whether curl may go on therefore.
        mutating func takeResumption() -> (Resumption?, wasPaused: Bool) {
            switch (waiter, end) {
            case (.nobody, _):
                return (nil, false)
            case (.bodyPart(let continuation), _):
                let (part, wasPaused) = takeBodyPart()
                guard let part else { return (nil, false) }
                waiter = .nobody
                return (.bodyPart(continuation, part), wasPaused)
            case (_, .failed(let error)):
                defer { waiter = .nobody }
                return (.failure(waiter, error), false)
            case (.head(let continuation), _):
                guard let head else { return (nil, false) }
                waiter = .nobody
                return (.head(continuation, head), false)
            case (.response(let continuation), .complete):
                guard let head else { return (nil, false) }
                defer { body = ByteBuffer() }
                waiter = .nobody
                return (.response(continuation, HTTPClientResponse(head: head, body: body)), false)
            case (.response, nil):
                return (nil, false)
            }
        }
    }
}
