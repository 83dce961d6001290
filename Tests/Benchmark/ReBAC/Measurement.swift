import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What one kind of operation took.
struct Measurement {
    private let sorted: [Duration]
    private let work: Duration

    /// Runs the operations one after the other on one core.
    init(_ count: Int, _ operation: (Int) throws -> Void) rethrows {
        let clock = ContinuousClock()
        for index in 0..<min(count, 1_000) { try operation(index) }
        var durations: [Duration] = []
        durations.reserveCapacity(count)
        let start = ProcessorTime.now
        for index in 0..<count {
            let begin = clock.now
            try operation(index)
            durations.append(clock.now - begin)
        }
        work = ProcessorTime.now - start
        sorted = durations.sorted()
    }

    /// Of the processor's time, so that whatever else the machine does counts as little as possible.
    var perSecond: Double { Double(sorted.count) / work.seconds }

    func percentile(_ percent: Double) -> Duration { sorted[min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))] }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
    var milliseconds: Double { seconds * 1_000 }
}

/// What the process has used of one core.
enum ProcessorTime {
    static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    static func measure(_ body: () -> Void) -> Duration {
        let start = now
        body()
        return now - start
    }
}

enum Memory {
    /// Bytes of the process that are in memory.
    static var resident: Int {
        let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// One row of the table.
func report(_ name: String, _ value: String, limit: String, isWithin: Bool) {
    print(column(name, 42), column(value, 44), column(limit, 26), isWithin ? "yes" : "NO")
}

private func column(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

/// With as many decimals as make sense.
func rounded(_ number: Double, _ decimals: Int = 0) -> String {
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let value = (number * factor).rounded() / factor
    return decimals == 0 ? "\(Int(value))" : "\(value)"
}
