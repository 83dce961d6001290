/// Our own number of a channel, which stays valid as a name after the channel is gone.
struct ChannelID: Hashable, Sendable {
    let rawValue: Int
}
