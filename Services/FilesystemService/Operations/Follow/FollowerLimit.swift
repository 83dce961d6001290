import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// How many files users follow at a time. Each holds a channel of an SSH connection, of which other requests need some too.
struct FollowerLimit: Sendable {
    struct Follower: Hashable {
        var user: String
        var system: String
    }

    typealias Place = PlaceLimit<Follower>.Place

    private let places = PlaceLimit<Follower>()

    /// Takes a place for as long as the returned one lives.
    ///
    /// - Parameter limit: The places of a user on a system.
    /// - Throws: ``APIError`` 429 when all are taken.
    func place(for user: String, on system: String, limit: Int) throws(APIError) -> Place {
        guard let place = places.place(for: Follower(user: user, system: system), limit: limit) else {
            throw APIError(
                .tooManyRequests,
                "\(user) follows \(limit) files on \(system) already, as many as one user may; end one of these requests, or try again later",
                headerFields: [.retryAfter: "15"])
        }
        return place
    }
}
