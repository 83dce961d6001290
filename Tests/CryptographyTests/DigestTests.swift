import GoldcrestCryptography
import Testing

@Suite struct DigestTests {
    @Test(
        "SHA-256 gives the published digests (FIPS 180-4 examples)",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(text: String, expected: String) {
        #expect(SHA256.digest(of: Array(text.utf8)).hexadecimal == expected)
        #expect(SHA256.digest(of: text.utf8).hexadecimal == expected)
        #expect(SHA256.digest(of: Array(("x" + text).utf8).dropFirst()).hexadecimal == expected)
    }

    /// RFC 4231 sections 4.2, 4.3 and 4.7.
    static let authenticationCodes: [(key: [UInt8], message: String, code: String)] = [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ]

    @Test("HMAC-SHA-256 gives the published codes", arguments: authenticationCodes)
    func hmac(key: [UInt8], message: String, code: String) {
        #expect(HMACSHA256.authenticationCode(for: Array(message.utf8), key: key).hexadecimal == code)
    }

    @Test("random bytes have the wanted length and don't repeat")
    func random() {
        #expect(SecureRandom.bytes(0) == [])
        #expect(SecureRandom.bytes(33).count == 33)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }

    @Test("secrets are equal only when every byte and the length are")
    func equality() {
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(constantTimeEquals([], []))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
        #expect(!constantTimeEquals([1, 2], [1, 2, 0]))
    }
}
