import COpenSSL

extension AsymmetricKey {
    /// The largest PEM text that is read, in bytes.
    private static let maximumPEMSize = 65536

    enum PEMContent {
        case publicKey
        /// PKCS #8 (`BEGIN PRIVATE KEY`).
        case privateKey
        /// The form that belongs to the key's type, such as `BEGIN EC PRIVATE KEY`.
        case traditionalPrivateKey
    }

    /// Reads a public key (`BEGIN PUBLIC KEY`) or a private one that is not encrypted.
    convenience init(pem: String, content: PEMContent) throws(CryptographyError) {
        let bytes = Array(pem.utf8)
        guard bytes.count <= Self.maximumPEMSize else {
            throw CryptographyError(.invalidKey, "A PEM text of \(bytes.count) bytes is too long for a key")
        }
        let key = try OpenSSLErrorQueue.isolating { () throws(CryptographyError) in
            let read = bytes.withUnsafeBytes { buffer -> OpaquePointer? in
                let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count))
                defer { BIO_free(bio) }
                // Without a callback OpenSSL would ask for an encrypted key's passphrase on the terminal (PEM_read_bio_PrivateKey(3)).
                switch content {
                case .publicKey: return PEM_read_bio_PUBKEY(bio, nil, { _, _, _, _ in -1 }, nil)
                case .privateKey, .traditionalPrivateKey: return PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
                }
            }
            guard let read else {
                let expected = content == .publicKey ? "public key (BEGIN PUBLIC KEY)" : "unencrypted private key (BEGIN PRIVATE KEY)"
                throw OpenSSLErrorQueue.failure(of: "The PEM text holds no readable \(expected)", code: .invalidKey)
            }
            return read
        }
        self.init(takingOwnershipOf: key)
    }

    func pem(_ content: PEMContent) throws(CryptographyError) -> String {
        try OpenSSLErrorQueue.isolating { () throws(CryptographyError) in
            let bio = BIO_new(BIO_s_mem())
            defer { BIO_free(bio) }
            let written = withUnsafePointer { key in
                switch content {
                case .publicKey: PEM_write_bio_PUBKEY(bio, key)
                case .privateKey: PEM_write_bio_PKCS8PrivateKey(bio, key, nil, nil, 0, nil, nil)
                case .traditionalPrivateKey: PEM_write_bio_PrivateKey_traditional(bio, key, nil, nil, 0, nil, nil)
                }
            }
            guard bio != nil, written == 1 else { throw OpenSSLErrorQueue.failure(of: "Cannot write the key as PEM") }
            let length = Int(BIO_ctrl_pending(bio))
            return String(unsafeUninitializedCapacity: length) { buffer in
                max(0, Int(BIO_read(bio, buffer.baseAddress, Int32(buffer.count))))
            }
        }
    }
}
