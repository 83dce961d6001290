import CLibCurl
import HTTPTypes
import NIOCore

/// A transfer that curl works on: the side of it that the transfer thread alone sees.
final class ActiveTransfer {
    let transfer: Transfer
    let easy: EasyHandle
    private unowned let loop: TransferLoop

    /// Why a callback made curl stop.
    private(set) var failure: HTTPClientError?
    /// Whether the loop knows already that there may be something to deliver.
    var isTouched = false

    private var headParser = ResponseHeadParser()
    private var finalStatus: HTTPResponse.Status?
    private var isReceivingPaused = false
    private var isSendingPaused = false
    /// How much of a body of bytes was sent.
    private var sentBytes = 0
    /// How often curl was about to send the request.
    private var attempts = 0

    private let deadline: ContinuousClock.Instant
    private var lastActivity: ContinuousClock.Instant

    init(_ transfer: Transfer, on easy: EasyHandle, loop: TransferLoop) {
        self.transfer = transfer
        self.easy = easy
        self.loop = loop
        lastActivity = loop.now
        deadline = loop.now + transfer.limits.deadline
    }

    /// Tells the easy handle all about the request. The handle refers to this object from then on and must be reset before this is gone.
    func prepare(_ configuration: HTTPClient.Configuration) throws(CurlFailure) {
        try easy.apply(configuration)
        try easy.apply(transfer.request, transfer.headerLines)
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        for option in [CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA, CURLOPT_PREREQDATA] {
            try easy.set(option, pointer: context)
        }
        try CurlFailure.check(goldcrest_easy_set_write(easy.handle, CURLOPT_HEADERFUNCTION, onHeaderLine))
        try CurlFailure.check(goldcrest_easy_set_write(easy.handle, CURLOPT_WRITEFUNCTION, onBody))
        try CurlFailure.check(goldcrest_easy_set_read(easy.handle, onRead))
        try CurlFailure.check(goldcrest_easy_set_seek(easy.handle, onSeek))
        try CurlFailure.check(goldcrest_easy_set_prerequest(easy.handle, onPrerequest))
    }

    fileprivate static func from(_ context: UnsafeMutableRawPointer) -> ActiveTransfer {
        Unmanaged<ActiveTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}

// MARK: - Time

extension ActiveTransfer {
    /// When it is too late if nothing happens; nil while the reader makes it wait.
    var timeLimit: ContinuousClock.Instant? {
        if finalStatus == nil || transfer.limits.collectedBytes != nil { return deadline }
        return isReceivingPaused ? nil : lastActivity + transfer.limits.bodyInactivity
    }

    var timeLimitError: HTTPClientError {
        let request = transfer.request.summary
        if finalStatus == nil {
            return HTTPClientError(.timedOut, "\(request): no response within \(transfer.limits.deadline)")
        }
        if transfer.limits.collectedBytes != nil {
            return HTTPClientError(.timedOut, "\(request): the response was not whole within \(transfer.limits.deadline)")
        }
        return HTTPClientError(.timedOut, "\(request): the body stood still for \(transfer.limits.bodyInactivity)")
    }
}

// MARK: - Pauses

extension ActiveTransfer {
    func resumeReceiving() -> CURLcode {
        guard isReceivingPaused else { return CURLE_OK }
        isReceivingPaused = false
        lastActivity = loop.now
        watch()
        return easy.pause(receiving: false, sending: isSendingPaused)
    }

    func resumeSending() -> CURLcode {
        guard isSendingPaused else { return CURLE_OK }
        isSendingPaused = false
        return easy.pause(receiving: isReceivingPaused, sending: false)
    }

    private func watch() {
        if let timeLimit { loop.watch(until: timeLimit) }
    }
}

// MARK: - What curl reports

extension ActiveTransfer {
    /// - Returns: Whether to go on.
    fileprivate func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        // After the final head only trailers come; they are dropped.
        guard finalStatus == nil else { return true }
        do throws(HTTPClientError) {
            guard let head = try headParser.consume(line), head.status.code >= 200 else { return true }
            return receive(head)
        } catch {
            failure = HTTPClientError(error.code, "\(transfer.request.summary): \(error.message)")
            return false
        }
    }

    private func receive(_ head: HTTPResponse) -> Bool {
        if transfer.request.maximumRedirects > 0, head.isRedirect {
            attempts = 0
            return true
        }
        if let error = transfer.receive(head) {
            failure = error
            return false
        }
        finalStatus = head.status
        lastActivity = loop.now
        watch()
        loop.touch(self)
        // Nothing more will be sent, which curl has to notice even while it waits for the request's body.
        if isUnwelcome, isSendingPaused { transfer.resumeSending() }
        return true
    }

    fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        // The body of a redirect that is followed.
        guard finalStatus != nil else { return bytes.count }
        lastActivity = loop.now
        loop.touch(self)
        switch transfer.receive(bytes) {
        case .accepted:
            return bytes.count
        case .full:
            isReceivingPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .refused(let error):
            failure = error
            return 0
        }
    }

    fileprivate func send(into target: UnsafeMutableRawBufferPointer) -> Int {
        if isUnwelcome { return 0 }
        lastActivity = loop.now
        switch (transfer.request.body, transfer.outgoing) {
        case (.bytes(let bytes), _):
            let part = bytes.readableBytesView.dropFirst(sentBytes).prefix(target.count)
            target.copyBytes(from: part)
            sentBytes += part.count
            return part.count
        case (_, let outgoing?):
            switch outgoing.read(into: target) {
            case .bytes(let count): return count
            case .end: return 0
            case .wait:
                isSendingPaused = true
                return Int(CURL_READFUNC_PAUSE)
            }
        case (_, nil):
            return 0
        }
    }

    /// - Returns: Whether the body can be sent from there.
    fileprivate func rewind(to offset: Int) -> Bool {
        if let outgoing = transfer.outgoing { return offset == 0 && !outgoing.wasRead }
        sentBytes = offset
        return true
    }

    /// curl has a connection and is about to send the request; on a kept connection that turned out to be closed it comes here once more.
    ///
    /// - Returns: Whether it may.
    fileprivate func begin() -> Bool {
        attempts += 1
        guard attempts > 1, easy.sentHeadBytes > 0, !transfer.request.isIdempotent else { return true }
        failure = HTTPClientError(
            .connectionFailed,
            "\(transfer.request.summary): the server closed the connection without an answer; the request was not repeated, because the server may"
                + " have acted on it")
        return false
    }

    /// Whether the server has refused the request before its body was sent whole.
    private var isUnwelcome: Bool {
        guard let finalStatus else { return false }
        return finalStatus.code >= 300
    }
}

extension HTTPResponse {
    fileprivate var isRedirect: Bool {
        switch status.code {
        case 301, 302, 303, 307, 308: headerFields.contains(.location)
        default: false
        }
    }
}

// MARK: - Callbacks

private let onHeaderLine: curl_write_callback = { bytes, size, count, context in
    guard let context else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return ActiveTransfer.from(context).receive(headerLine: line) ? line.count : 0
}

private let onBody: curl_write_callback = { bytes, size, count, context in
    guard let context else { return 0 }
    return ActiveTransfer.from(context).receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let onRead: curl_read_callback = { bytes, size, count, context in
    guard let context else { return Int(CURL_READFUNC_ABORT) }
    return ActiveTransfer.from(context).send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private let onSeek: curl_seek_callback = { context, offset, origin in
    guard let context, origin == 0 /* SEEK_SET */, ActiveTransfer.from(context).rewind(to: Int(offset)) else { return CURL_SEEKFUNC_FAIL }
    return CURL_SEEKFUNC_OK
}

private let onPrerequest: curl_prereq_callback = { context, _, _, _, _ in
    guard let context, ActiveTransfer.from(context).begin() else { return CURL_PREREQFUNC_ABORT }
    return CURL_PREREQFUNC_OK
}
