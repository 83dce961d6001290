/// How Slurm's commands write times.
enum SlurmTime {
    /// More than any cluster runs a job; what is above is one of Slurm's ways to say "none".
    private static let mostDays = 1_000_000

    /// A number of minutes in seconds; `nil` for what is no limit.
    static func seconds(minutes: Int?) -> Int? {
        guard let minutes, (0...(mostDays * 1440)).contains(minutes) else { return nil }
        return minutes * 60
    }

    /// A duration `[days-][hours:]minutes:seconds` in seconds; `nil` for `UNLIMITED` and the like. Fractions of a second are dropped.
    static func duration(_ text: some StringProtocol) -> Int? { duration(text.utf8) }

    /// The same from the characters as bytes.
    static func duration(_ bytes: some Sequence<UInt8>) -> Int? {
        var days: Int?
        var seconds = 0
        var number: Int?
        var colons = 0
        var isFraction = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if isFraction { continue }
                let next = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                guard next <= mostDays * 86400 else { return nil }
                number = next
            case UInt8(ascii: "-"):
                guard let count = number, count <= mostDays, days == nil, colons == 0, !isFraction else { return nil }
                days = count
                number = nil
            case UInt8(ascii: ":"):
                guard let count = number, colons < 2 else { return nil }
                seconds = (seconds + count) * 60
                number = nil
                colons += 1
                isFraction = false
            case UInt8(ascii: "."):
                guard number != nil, !isFraction else { return nil }
                isFraction = true
            default: return nil
            }
        }
        return number.map { (days ?? 0) * 86400 + seconds + $0 }
    }
}
