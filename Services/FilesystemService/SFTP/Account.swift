/// A user or a group of a system, by its number.
enum Account: Sendable, Hashable {
    case user(UInt32)
    case group(UInt32)

    var number: UInt32 {
        switch self {
        case .user(let number), .group(let number): number
        }
    }
}
