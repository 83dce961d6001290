import NIOCore

/// A request that was sent. One of the functions takes the reply, as the kind of request has it; it may also be left alone.
struct SFTPCall: Sendable {
    let client: SFTPClient
    let since: NIODeadline
    let reply: PendingReply<SFTPPacket>

    /// Whether taking the reply does not wait.
    var isAnswered: Bool { reply.isFinished }

    /// Waits until taking the reply does not wait.
    func settled() async {
        _ = try? await reply.value()
    }

    /// Whether the reply is there and has nothing: it is a failure, or says that the end is reached.
    var isRefused: Bool {
        if case .success(let packet)? = reply.result { packet.kind == .status } else { false }
    }

    func success() async throws {
        try await take { if case .success = $0 { () } else { nil } }
    }

    func handle() async throws -> [UInt8] {
        try await take { if case .handle(let handle) = $0 { handle } else { nil } }
    }

    func attributes() async throws -> SFTPAttributes {
        try await take { if case .attributes(let attributes) = $0 { attributes } else { nil } }
    }

    func name() async throws -> [UInt8] {
        try await take { reply in
            guard case .names(let entries) = reply, entries.count == 1 else { return nil }
            return entries.first?.name
        }
    }

    /// The next names of a directory, nil after the last.
    func names() async throws -> [SFTPEntry]? {
        try await unlessAtEnd { if case .names(let entries) = $0 { entries } else { nil } }
    }

    /// The data read, nil at the end of the file.
    ///
    /// - Parameter maximum: What was asked for.
    func data(upTo maximum: UInt32) async throws -> ByteBuffer? {
        try await unlessAtEnd { reply in
            guard case .data(let data) = reply, data.readableBytes <= Int(maximum) else { return nil }
            return data
        }
    }

    private func unlessAtEnd<Value>(_ expected: (SFTPReply) -> Value?) async throws -> Value? {
        do {
            return try await take(expected)
        } catch let failure as SFTPFailure where failure.code == .endOfFile {
            return nil
        }
    }

    private func take<Value>(_ expected: (SFTPReply) -> Value?) async throws -> Value {
        let packet = try await reply.value()
        do {
            let reply = try SFTPReply(packet)
            if case .failure(let failure) = reply { throw failure }
            guard let value = expected(reply) else { throw SFTPMalformed("a reply that does not belong to its request") }
            return value
        } catch let error as SFTPMalformed {
            throw client.reject(error)
        }
    }
}
