import Synchronization

@testable import AuthGateway

/// Documents that a test writes, and a count of how often they are read.
final class TestDocuments: KeyDocumentSource {
    private let contents: Mutex<[String: String]>
    private let readings = Mutex(0)
    private let pause: Duration

    /// - Parameter pause: How long a reading takes.
    init(_ contents: [String: String] = [:], pause: Duration = .zero) {
        self.contents = Mutex(contents)
        self.pause = pause
    }

    var readCount: Int { readings.withLock { $0 } }

    /// A nil text makes the document unreadable.
    func write(_ text: String?, to location: String) {
        contents.withLock { $0[location] = text }
    }

    func document(at location: String) async throws -> [UInt8] {
        readings.withLock { $0 += 1 }
        if pause > .zero { try await Task.sleep(for: pause) }
        guard let text = contents.withLock({ $0[location] }) else { throw KeyDocumentError(message: "it is gone") }
        return Array(text.utf8)
    }
}
