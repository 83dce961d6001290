import COpenSSL

/// An RSA key that signs logins with SHA-512, RFC 8332. It is needed with libssh2 before 1.11, which signs with SHA-1 only, and that
/// OpenSSH no longer accepts.
final class RSAPrivateKey {
    private let key: OpaquePointer

    /// - Returns: Nil if the text is a private key of another type.
    /// - Throws: ``SSHError`` with ``SSHError/Code/unsupportedKey`` if it cannot be read, for instance with a wrong passphrase.
    init?(_ text: String, passphrase: String?) throws {
        if let openSSH = OpenSSHPrivateKey(text) {
            guard openSSH.type == "ssh-rsa" else { return nil }
            guard let numbers = openSSH.rsaNumbers(), let key = Self.key(numbers) else {
                throw SSHError(
                    .unsupportedKey,
                    "An encrypted RSA key in OpenSSH's format cannot be used with libssh2 \(LibSSH2.version). Convert it (ssh-keygen -p -m PEM -f KEY) or use an Ed25519 key."
                )
            }
            self.key = key
            return
        }
        guard let key = Self.key(pem: text, passphrase: passphrase ?? "") else {
            throw SSHError(.unsupportedKey, "The user's private key cannot be read: it is not PEM or OpenSSH format, or its passphrase is wrong or missing.")
        }
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else {
            EVP_PKEY_free(key)
            return nil
        }
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    /// The public key as the server wants it, with the signature algorithm in place of the key's type: libssh2 takes the name from here.
    func publicKey() -> [UInt8]? {
        guard let modulus = number(OSSL_PKEY_PARAM_RSA_N), let exponent = number(OSSL_PKEY_PARAM_RSA_E) else { return nil }
        return Self.field(Array("rsa-sha2-512".utf8)) + Self.field(Self.positive(exponent)) + Self.field(Self.positive(modulus))
    }

    func signature(for message: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        ERR_clear_error()
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key)))
        var length = signature.count
        guard context != nil, EVP_DigestSignInit(context, nil, EVP_sha512(), nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, message.baseAddress, message.count) == 1
        else { return nil }
        return Array(signature.prefix(length))
    }

    private func number(_ name: String) -> [UInt8]? {
        var value: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &value) == 1, let value else { return nil }
        defer { BN_free(value) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(value) + 7) / 8)
        let count = BN_bn2bin(value, &bytes)
        return Array(bytes.prefix(Int(count)))
    }

    private static func key(pem: String, passphrase: String) -> OpaquePointer? {
        ERR_clear_error()
        defer { ERR_clear_error() }
        var pem = pem
        return pem.withUTF8 { bytes in
            let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
            defer { BIO_free(bio) }
            // With a passphrase, be it empty, OpenSSL does not ask on the terminal (PEM_read_bio_PrivateKey(3)).
            return passphrase.withCString { PEM_read_bio_PrivateKey(bio, nil, nil, UnsafeMutableRawPointer(mutating: $0)) }
        }
    }

    /// A key from its numbers, by way of PKCS #1 (RFC 8017, A.1.2), whose two exponents of the Chinese remainder OpenSSH leaves out.
    private static func key(_ numbers: RSANumbers) -> OpaquePointer? {
        let names = [numbers.modulus, numbers.publicExponent, numbers.privateExponent, numbers.prime1, numbers.prime2]
        let values = names.map { BN_bin2bn($0, Int32($0.count), nil) }
        let (dp, dq, inverse, one, scratch) = (BN_new(), BN_new(), BN_new(), BN_new(), BN_CTX_new())
        defer {
            for value in values + [dp, dq, inverse] { BN_clear_free(value) }
            BN_free(one)
            BN_CTX_free(scratch)
        }
        guard !values.contains(nil), let dp, let dq, let inverse, let one, let scratch, BN_set_word(one, 1) == 1,
            let (d, p, q) = Optional((values[2], values[3], values[4])),
            BN_sub(dp, p, one) == 1, BN_div(nil, dp, d, dp, scratch) == 1,
            BN_sub(dq, q, one) == 1, BN_div(nil, dq, d, dq, scratch) == 1,
            BN_mod_inverse(inverse, q, p, scratch) != nil
        else { return nil }
        let integers = [[0]] + names + [dp, dq, inverse].map(bytes)
        var der = DER.sequence(integers.map(DER.integer))
        defer { der.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        return der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_PrivateKey(EVP_PKEY_RSA, nil, &start, buffer.count)
        }
    }

    private static func bytes(_ number: OpaquePointer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        let count = BN_bn2bin(number, &bytes)
        return Array(bytes.prefix(Int(count)))
    }

    /// A positive number with a zero in front where its first bit would make it negative (`mpint`, RFC 4251 section 5).
    fileprivate static func positive(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return (digits.first ?? 0x80) & 0x80 == 0 ? digits : [0] + digits
    }

    private static func field(_ bytes: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }
}

/// The little of X.690 that PKCS #1 needs.
private enum DER {
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        element(0x02, RSAPrivateKey.positive(bytes))
    }

    static func sequence(_ elements: [[UInt8]]) -> [UInt8] {
        element(0x30, Array(elements.joined()))
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        guard content.count >= 0x80 else { return [tag, UInt8(content.count)] + content }
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: content.count >> $0) }.drop { $0 == 0 }
        return [tag, 0x80 | UInt8(length.count)] + length + content
    }
}
