/// What a listener is told.
public enum PostgresNotification: Sendable, Equatable {
    /// Listening has begun, has begun again, or the reader was too slow: notifications may have been missed. Read the state anew.
    case reconnected
    /// Somebody notified the channel.
    case received(payload: String)
}
