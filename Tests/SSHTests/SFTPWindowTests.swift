import NIOCore
import Testing

@testable import GoldcrestSSH

@Suite("How much of a file is under way")
struct SFTPWindowTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("a quick line gets more, a slow one less, and one in between keeps what it has")
    func growth() {
        var window = SFTPWindow()
        let first = window.size(among: 1)
        window.waited(since: start, until: start + .milliseconds(500))
        #expect(window.size(among: 1) == first)
        window.waited(since: start, until: start + .milliseconds(10))
        #expect(window.size(among: 1) == first * 2)
        for _ in 0..<10 { window.waited(since: start, until: start + .milliseconds(10)) }
        #expect(window.size(among: 1) == SFTPWindow.maximum)
        for _ in 0..<10 { window.waited(since: start, until: start + .seconds(3)) }
        #expect(window.size(among: 1) == SFTPWindow.minimum)
    }

    @Test("many transfers share what one has, and each has the least")
    func sharing() {
        var window = SFTPWindow()
        for _ in 0..<10 { window.waited(since: start, until: start) }
        #expect(window.size(among: 0) == SFTPWindow.maximum)
        #expect(window.size(among: 16) == SFTPWindow.shared / 16)
        #expect(window.size(among: 100_000) == SFTPWindow.minimum)
    }
}
