/// The states of nodes in the words that clients know.
public enum NodeState: String, Codable, Sendable, CaseIterable {
    case idle = "IDLE"
    case allocated = "ALLOCATED"
    case mixed = "MIXED"
    case down = "DOWN"
    case drain = "DRAIN"
    case offline = "OFFLINE"
    case reserved = "RESERVED"
    case completing = "COMPLETING"
    case busy = "BUSY"
    case poweringDown = "POWERING_DOWN"
    case poweringUp = "POWERING_UP"
    case unknown = "UNKNOWN"
}
