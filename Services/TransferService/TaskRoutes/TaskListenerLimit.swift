import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// How many tasks a user follows at a time in one replica. Each costs a connection, and now and then a look at the task.
struct TaskListenerLimit: Sendable {
    typealias Place = PlaceLimit<String>.Place

    static let placesOfUser = 32

    private let places = PlaceLimit<String>()

    /// Takes a place for as long as the returned one lives.
    ///
    /// - Throws: ``APIError`` 429 when all are taken.
    func place(for user: String) throws(APIError) -> Place {
        guard let place = places.place(for: user, limit: Self.placesOfUser) else {
            throw APIError(
                .tooManyRequests,
                "\(user) follows \(Self.placesOfUser) tasks already, as many as one user may; end one of these requests, or try again later",
                headerFields: [.retryAfter: "15"])
        }
        return place
    }
}
