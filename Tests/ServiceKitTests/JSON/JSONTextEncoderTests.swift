import Foundation
import NIOCore
import Testing

@testable import GoldcrestServiceKit

@Suite("Text written as JSON piece by piece")
struct JSONTextEncoderTests {
    private func decoded(_ pieces: [[UInt8]]) throws -> String {
        var encoder = JSONTextEncoder()
        var output = ByteBuffer(string: "\"")
        for piece in pieces {
            encoder.append(ByteBuffer(bytes: piece), to: &output)
            #expect(encoder.heldByteCount <= 3)
        }
        encoder.finish(to: &output)
        output.writeString("\"")
        return try JSONDecoder().decode(String.self, from: Data(output.readableBytesView))
    }

    private func expectAsSwiftDecodes(_ bytes: [UInt8]) throws {
        let expected = String(decoding: bytes, as: UTF8.self)
        #expect(try Array(decoded([bytes]).unicodeScalars) == Array(expected.unicodeScalars), "\(bytes)")
        #expect(try Array(decoded(bytes.map { [$0] }).unicodeScalars) == Array(expected.unicodeScalars), "\(bytes) byte by byte")
        for cut in bytes.indices.prefix(8) {
            let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
            #expect(try Array(decoded(pieces).unicodeScalars) == Array(expected.unicodeScalars), "\(bytes) cut at \(cut)")
        }
    }

    @Test("every ASCII character comes through")
    func ascii() throws {
        try expectAsSwiftDecodes(Array(0..<0x80))
    }

    @Test("characters survive every cut", arguments: ["é", "日本", "😀", "a\u{300}b", "\u{10FFFF}\u{FFFD}\u{7FF}\u{800}", "x\n\"\\ü"])
    func characters(text: String) throws {
        try expectAsSwiftDecodes(Array(text.utf8))
    }

    @Test("what isn't UTF-8 is repaired as Swift repairs it", arguments: [
        [0xFF], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x82, 0x41], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x41], [0xED, 0xA0, 0x80], [0xC0, 0xAF],
        [0xE0, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80], [0x80, 0x80], [0xE2, 0xE2, 0x82, 0xAC], [0xF0, 0xF0, 0x9F, 0x98, 0x80],
        [0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64], [0xC3, 0x0A], [0xE2, 0x82, 0x22],
    ] as [[UInt8]])
    func repair(bytes: [UInt8]) throws {
        try expectAsSwiftDecodes(bytes)
    }

    @Test("random bytes are repaired as Swift repairs them, however they are cut")
    func random() throws {
        var generator = SystemRandomNumberGenerator()
        // Bytes between which the rules of UTF-8 change.
        let edges: [UInt8] = [0x0A, 0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5]
        for _ in 0..<3000 {
            let count = Int.random(in: 0...12, using: &generator)
            let bytes = (0..<count).map { _ in edges.randomElement(using: &generator) ?? 0 }
            var pieces: [[UInt8]] = [[]]
            for byte in bytes {
                if Bool.random(using: &generator) { pieces.append([]) }
                pieces[pieces.count - 1].append(byte)
            }
            let expected = String(decoding: bytes, as: UTF8.self)
            #expect(try Array(decoded(pieces).unicodeScalars) == Array(expected.unicodeScalars), "\(pieces)")
        }
    }
}
