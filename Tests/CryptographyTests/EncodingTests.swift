import GoldcrestCryptography
import Testing

@Suite struct EncodingTests {
    /// RFC 4648 section 10, with the padding left out, and the two characters that differ from plain base64.
    static let vectors: [(bytes: [UInt8], text: String)] = [
        ([], ""), (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foo".utf8), "Zm9v"),
        (Array("foob".utf8), "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE"), (Array("foobar".utf8), "Zm9vYmFy"),
        ([0xFB, 0xFF, 0xFE], "-__-"), ([0, 0], "AAA"),
    ]

    @Test("base64url writes and reads the published examples", arguments: vectors)
    func base64URL(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test("bytes of any length come back from base64url")
    func roundTrip() {
        for count in 0..<200 {
            let bytes = SecureRandom.bytes(count)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test(
        "base64url refuses every text that it would not write itself",
        arguments: ["Zg==", "Zm8=", "Zm9v\n", " Zm9v", "Zm 9v", "-/_-", "+__-", "Z", "Zm9vZ", "Zh", "Zm9", "ZgA\u{0}", "Zmé", "Zm9v.Zm9v", "="])
    func nonCanonical(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("every byte has two lower-case hexadecimal digits")
    func hexadecimal() {
        #expect([0x00, 0x0F, 0xA5, 0xFF].hexadecimal == "000fa5ff")
        #expect([UInt8]().hexadecimal == "")
    }
}
