import NIOCore
import Testing

@testable import GoldcrestSSH

@Suite("SFTP requests on their way out")
struct SFTPRequestQueueTests {
    private static func add(_ handle: UInt8, _ departure: SFTPRequestQueue.Departure, to queue: inout SFTPRequestQueue) -> SFTPRequestQueue.Wakeup? {
        queue.add(.close(handle: [handle]), departure) { id in
            SFTPStream.Call(id: id, since: .distantPast, deadline: .distantFuture, reply: PendingReply())
        }
    }

    /// The handles in the packets, in their order.
    private static func handles(in batch: SFTPRequestQueue.Batch) -> [UInt8] {
        var packets = batch.packets
        var handles: [UInt8] = []
        while let packet = packets.readLengthPrefixedSlice(as: UInt32.self) { handles.append(contentsOf: packet.readableBytesView.suffix(1)) }
        return handles
    }

    @Test("all that have gathered are taken at once, for which the event loop is woken once")
    func gathering() {
        var queue = SFTPRequestQueue()
        #expect(Self.add(1, .withNext, to: &queue) == nil)
        #expect(Self.add(2, .now, to: &queue) == .now)
        #expect(Self.add(3, .now, to: &queue) == nil)
        let batch = queue.take()
        #expect(Self.handles(in: batch) == [1, 2, 3])
        #expect(batch.calls.map(\.id) == [1, 2, 3])
        #expect(queue.take().calls.isEmpty)
        #expect(Self.add(4, .now, to: &queue) == .now)
    }

    @Test("what has leisure goes behind the others, and is waited for once by the clock")
    func leisure() {
        var queue = SFTPRequestQueue()
        #expect(Self.add(1, .atLeisure, to: &queue) == .later)
        #expect(Self.add(2, .now, to: &queue) == .now)
        #expect(Self.add(3, .atLeisure, to: &queue) == nil)
        #expect(Self.handles(in: queue.take()) == [2, 1, 3])
        // The clock has not struck yet, and will find this one.
        #expect(Self.add(4, .atLeisure, to: &queue) == nil)
        queue.timerFired()
        #expect(Self.handles(in: queue.take()) == [4])
        #expect(Self.add(5, .atLeisure, to: &queue) == .later)
    }
}
