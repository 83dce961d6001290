import CLibSSH2
import NIOCore

extension SSHConnection {
    /// Agrees on keys with the server and makes sure that it is the right one.
    ///
    /// - Throws: ``TurnedAway`` if the server ended the connection instead; ``SSHError``.
    func handshake(trusting policy: HostKeyPolicy, at address: HostAddress, until deadline: NIODeadline) async throws {
        let name = name
        let late = SSHError(.connectionTimedOut, "\(name) did not finish the SSH handshake in time.")
        do {
            // A busy server may have ended the connection already.
            try requireOpen()
            if let types = try policy.preferredTypes(for: address, session: session) {
                try session.preferHostKeyTypes(types)
            }
            let session = session
            try await perform(until: deadline, orThrow: late) { try session.handshake() }
        } catch let error as SSHError where error.code == .connectionLost || error.code == .channelRefused {
            let cause = SSHError(.connectionFailed, "\(name) does not speak SSH with us.", causes: error.causes)
            guard error.code == .connectionLost else { throw cause }
            throw TurnedAway(cause: cause)
        }
        guard let key = session.hostKey() else { throw SSHError(.connectionFailed, "\(name) has shown no host key.") }
        try policy.verify(key, of: address, session: session)
    }

    /// Proves to the server who we are.
    func logIn(as user: String, with credential: SSHCredential, until deadline: NIODeadline) async throws {
        let name = name
        let late = SSHError(.loginTimedOut, "\(name) did not finish the SSH login of \(user) in time.")
        do {
            let session = session
            let login = try PublicKeyLogin(user: user, credential: credential)
            try await perform(until: deadline, orThrow: late) { try login.attempt(on: session) }
        } catch let error as SSHError where error.code == .connectionLost || error.code == .channelRefused {
            throw SSHError(.loginRefused, "\(name) refuses the SSH login of \(user).", causes: error.causes)
        }
    }
}

/// The server ended a connection before it had shown who it is.
struct TurnedAway: Error {
    /// What it comes to if the server does so each time.
    let cause: SSHError
}
