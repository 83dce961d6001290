public import CoreMetrics
import Synchronization

/// Keeps the process's metrics and shows them in Prometheus's text format (version 0.0.4).
///
/// No package that speaks this format is at hand; counters, gauges and histograms of the few metrics that the services keep are all it knows.
public final class PrometheusMetrics: MetricsFactory {
    /// The process's own; swift-metrics takes one factory per process.
    public static let shared = PrometheusMetrics()

    /// Upper bounds of a timer's buckets in seconds: from half a millisecond, a cached answer, to the longest command.
    private static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    private struct Key: Hashable {
        let name: String
        let labels: String
    }

    private struct Registered {
        var counters: [Key: CounterCell] = [:]
        var gauges: [Key: GaugeCell] = [:]
        var histograms: [Key: HistogramCell] = [:]
    }

    private let registered = Mutex(Registered())

    public init() {}

    // MARK: What swift-metrics asks for

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    // What was counted stays: a metric that vanishes and comes back would look like a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterCell {
        let key = Self.key(label, dimensions)
        return registered.withLock { $0.counters.cell(key, CounterCell.init) }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeCell {
        let key = Self.key(label, dimensions)
        return registered.withLock { $0.gauges.cell(key, GaugeCell.init) }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramCell {
        let key = Self.key(label, dimensions)
        return registered.withLock { $0.histograms.cell(key) { HistogramCell(bounds: Self.bounds) } }
    }

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        let labels = dimensions.map { "\(legalName($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
        return Key(name: "goldcrest_\(legalName(label))", labels: labels)
    }

    private static func legalName(_ label: String) -> String {
        String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }

    // MARK: The page

    /// All metrics in the text format.
    public func page() -> String {
        let (counters, gauges, histograms) = registered.withLock { ($0.counters, $0.gauges, $0.histograms) }
        var page = ""
        Self.write(counters, as: "counter", to: &page) { name, labels, cell in
            "\(name)\(braced(labels)) \(cell.value)\n"
        }
        Self.write(gauges, as: "gauge", to: &page) { name, labels, cell in
            "\(name)\(braced(labels)) \(cell.value)\n"
        }
        Self.write(histograms, as: "histogram", to: &page) { name, labels, cell in
            cell.lines(name: name, labels: labels)
        }
        return page
    }

    private static func write<Cell>(
        _ cells: [Key: Cell], as type: String, to page: inout String, line: (String, String, Cell) -> String
    ) {
        var previous = ""
        for (key, cell) in cells.sorted(by: { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }) {
            if key.name != previous { page += "# TYPE \(key.name) \(type)\n" }
            previous = key.name
            page += line(key.name, key.labels, cell)
        }
    }
}

private func braced(_ labels: String) -> String {
    labels.isEmpty ? "" : "{\(labels)}"
}

extension Dictionary {
    fileprivate mutating func cell(_ key: Key, _ make: () -> Value) -> Value {
        if let cell = self[key] { return cell }
        let cell = make()
        self[key] = cell
        return cell
    }
}

private final class CounterCell: CounterHandler, FloatingPointCounterHandler {
    private let total = Mutex(0.0)

    var value: Double { total.withLock { $0 } }
    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { total.withLock { $0 += amount } }
    func reset() { total.withLock { $0 = 0 } }
}

private final class GaugeCell: MeterHandler, RecorderHandler {
    private let current = Mutex(0.0)

    var value: Double { current.withLock { $0 } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
}

private final class HistogramCell: TimerHandler, RecorderHandler {
    private struct State {
        var buckets: [Int]
        var sum = 0.0
        var count = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(buckets: Array(repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 }
        state.withLock { state in
            if let bucket { state.buckets[bucket] += 1 }
            state.sum += value
            state.count += 1
        }
    }

    func lines(name: String, labels: String) -> String {
        let (buckets, sum, count) = state.withLock { ($0.buckets, $0.sum, $0.count) }
        let separator = labels.isEmpty ? "" : ","
        var lines = ""
        var below = 0
        for (bound, inBucket) in zip(bounds, buckets) {
            below += inBucket
            lines += "\(name)_bucket{\(labels)\(separator)le=\"\(bound)\"} \(below)\n"
        }
        lines += "\(name)_bucket{\(labels)\(separator)le=\"+Inf\"} \(count)\n"
        lines += "\(name)_sum\(braced(labels)) \(sum)\n"
        lines += "\(name)_count\(braced(labels)) \(count)\n"
        return lines
    }
}
