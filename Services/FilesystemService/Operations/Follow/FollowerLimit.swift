import GoldcrestProtocol
import HTTPTypes
import Synchronization

/// How many files users follow at a time. Each holds a channel of an SSH connection, of which other requests need some too.
final class FollowerLimit: Sendable {
    fileprivate struct Follower: Hashable {
        var user: String
        var system: String
    }

    private let counts = Mutex<[Follower: Int]>([:])

    /// Takes a place for as long as the returned one lives.
    ///
    /// - Parameter limit: The places of a user on a system.
    /// - Throws: ``APIError`` 429 when all are taken.
    func place(for user: String, on system: String, limit: Int) throws(APIError) -> Place {
        let follower = Follower(user: user, system: system)
        let hasRoom = counts.withLock { counts in
            let count = counts[follower] ?? 0
            if count < limit { counts[follower] = count + 1 }
            return count < limit
        }
        guard hasRoom else {
            throw APIError(
                .tooManyRequests,
                "\(user) follows \(limit) files on \(system) already, as many as one user may; end one of these requests, or try again later",
                headerFields: [.retryAfter: "15"])
        }
        return Place(limit: self, follower: follower)
    }

    private func free(_ follower: Follower) {
        counts.withLock { counts in
            let count = counts[follower] ?? 0
            counts[follower] = count > 1 ? count - 1 : nil
        }
    }

    final class Place: Sendable {
        private let limit: FollowerLimit
        private let follower: Follower

        fileprivate init(limit: FollowerLimit, follower: Follower) {
            self.limit = limit
            self.follower = follower
        }

        deinit {
            limit.free(follower)
        }
    }
}
