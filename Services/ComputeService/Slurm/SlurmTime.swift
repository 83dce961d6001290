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
    static func duration(_ text: some StringProtocol) -> Int? {
        let dayParts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let clock = dayParts.last, let days = dayParts.count == 2 ? dayParts.first.flatMap({ Int($0) }) : 0 else { return nil }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), (0...mostDays).contains(days) else { return nil }
        var seconds = 0
        for part in parts {
            guard let number = Int(part.prefix { $0 != "." }), (0...(mostDays * 86400)).contains(number) else { return nil }
            seconds = seconds * 60 + number
        }
        return days * 86400 + seconds
    }
}
