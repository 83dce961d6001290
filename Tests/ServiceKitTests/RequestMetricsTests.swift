import CoreMetrics
import GoldcrestServiceKit
import Testing

@Suite("Metrics of requests")
struct RequestMetricsTests {
    @Test("are counted by route and status, in the buckets of a histogram")
    func histogram() {
        let metrics = PrometheusMetrics()
        let timer = Timer(label: "http_request_duration_seconds", dimensions: [("route", "/x")], factory: metrics)
        timer.recordNanoseconds(3_000_000)
        timer.recordNanoseconds(60_000_000_000)
        let lines = metrics.page().split(separator: "\n")
        #expect(lines.first == "# TYPE goldcrest_http_request_duration_seconds histogram")
        #expect(lines.contains("goldcrest_http_request_duration_seconds_bucket{route=\"/x\",le=\"0.0025\"} 0"))
        #expect(lines.contains("goldcrest_http_request_duration_seconds_bucket{route=\"/x\",le=\"0.005\"} 1"))
        #expect(lines.contains("goldcrest_http_request_duration_seconds_bucket{route=\"/x\",le=\"+Inf\"} 2"))
        #expect(lines.contains("goldcrest_http_request_duration_seconds_count{route=\"/x\"} 2"))
    }

    @Test("keep what a label's value holds from breaking a line")
    func escaping() {
        let metrics = PrometheusMetrics()
        Counter(label: "odd.name", dimensions: [("label", "a\"b\\c\nd")], factory: metrics).increment()
        #expect(metrics.page().contains("goldcrest_odd_name{label=\"a\\\"b\\\\c\\nd\"} 1.0\n"))
    }

    @Test("put methods that clients make up into one series")
    func methods() {
        let metrics = PrometheusMetrics()
        let requests = RequestMetrics(in: metrics)
        for number in 0..<50 {
            requests.record(method: "MADE-UP-\(number)", route: "/x", status: 405, duration: .milliseconds(1))
        }
        let counts = metrics.page().split(separator: "\n").filter { $0.contains("_count{") }
        #expect(counts == ["goldcrest_http_request_duration_seconds_count{method=\"other\",route=\"/x\",status=\"405\"} 50"])
    }
}
