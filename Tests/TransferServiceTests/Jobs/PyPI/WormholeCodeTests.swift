import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import TransferService

@Suite("Codes of wormholes")
struct WormholeCodeTests {
    @Test("what `wormhole send` gives out is a code", arguments: ["7-crossover-clockwork", "123-a", "4-purple-sausages-and-more", "0012-é-日本", "1--x"])
    func codes(text: String) throws {
        #expect(try WormholeCode(text).secret.revealed == text)
    }

    @Test(
        "anything else is refused without being repeated",
        arguments: [
            "", "7", "7-", "-hush", "hush-words", "7 hush words", "7-hush words", "7-hush\n", "７-hush", "7-hush\0", "+7-hush", "7-hush\u{00A0}x",
            "\(String(repeating: "1", count: 41))-hush", "7-\(String(repeating: "hush", count: 60))",
        ])
    func others(text: String) throws {
        let error = try #require(throws: APIError.self) { _ = try WormholeCode(text) }
        #expect(error.status == .badRequest)
        #expect(error.fields.map(\.name) == ["transferDirectives.wormholeCode"])
        #expect(!error.message.contains("hush"))
    }

    @Test("our own have a number that no server gives out and six words of the list")
    func random() throws {
        let codes = (0..<1000).map { _ in WormholeCode.random().secret.revealed }
        #expect(Set(codes).count == 1000)
        for code in codes {
            _ = try WormholeCode(code)
            let parts = code.split(separator: "-")
            #expect(parts.count == 7)
            let number = try #require(parts.first.flatMap { Int($0) })
            #expect((100_000_000...999_999_999).contains(number))
            for (index, word) in parts.dropFirst().enumerated() {
                #expect((index.isMultiple(of: 2) ? WormholeWords.odd : WormholeWords.even).contains(word))
            }
        }
        // Every word can come.
        #expect(Set(codes.flatMap { $0.split(separator: "-").dropFirst() }).count > 490)
    }

    @Test("each byte has a word of its own in either list")
    func words() {
        for list in [WormholeWords.odd, WormholeWords.even] {
            #expect(Set(list).count == 256 && list.count == 256)
            #expect(list.allSatisfy { $0.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } })
        }
    }

    @Test("a code does not show")
    func secret() throws {
        #expect(!"\(try WormholeCode("7-hush-hush"))".contains("hush"))
    }
}
