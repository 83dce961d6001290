import COpenSSL

/// The one owner of an `EVP_PKEY`.
///
/// The key is complete when it arrives here and is never changed afterwards. Threads may use such an object at the same time: OpenSSL's objects
/// are safe as long as no call modifies them (`openssl-threads(7)`), signing and verifying keep their state in the `EVP_MD_CTX` of the one
/// operation, and what the key caches of itself for the providers is behind a lock of its own.
final class AsymmetricKey {
    private let pointer: OpaquePointer

    /// - Parameter pointer: An `EVP_PKEY` that is freed with this object.
    init(takingOwnershipOf pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// Calls `body` with the `EVP_PKEY`, which lives at least until it returns.
    func withUnsafePointer<Result, Failure: Error>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = try body(pointer)
        return withExtendedLifetime(self) { result }
    }
}

// The pointer is set once, and what it points to is only read; see the type's comment.
extension AsymmetricKey: @unchecked Sendable {}

extension AsymmetricKey {
    /// What kind of key this is, as far as a signature algorithm cares.
    enum Kind: Equatable {
        case rsa(bits: Int)
        case ec(group: String)
        case ed25519
        case other
    }

    var kind: Kind {
        withUnsafePointer { key in
            switch EVP_PKEY_get_base_id(key) {
            case EVP_PKEY_RSA: .rsa(bits: Int(EVP_PKEY_get_bits(key)))
            case EVP_PKEY_EC: .ec(group: Self.groupName(of: key))
            case EVP_PKEY_ED25519: .ed25519
            default: .other
            }
        }
    }

    private static func groupName(of key: OpaquePointer) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 80) { buffer in
            var length = 0
            guard let start = buffer.baseAddress, EVP_PKEY_get_group_name(key, start, buffer.count, &length) == 1 else { return "" }
            return String(cString: start)
        }
    }

    static func generate(type: String, group: String? = nil) throws(CryptographyError) -> AsymmetricKey {
        try OpenSSLErrorQueue.isolating { () throws(CryptographyError) in
            let context = EVP_PKEY_CTX_new_from_name(nil, type, nil)
            defer { EVP_PKEY_CTX_free(context) }
            var key: OpaquePointer?
            guard context != nil, EVP_PKEY_keygen_init(context) == 1,
                group.map({ EVP_PKEY_CTX_set_group_name(context, $0) == 1 }) ?? true,
                EVP_PKEY_generate(context, &key) == 1, let key
            else { throw OpenSSLErrorQueue.failure(of: "Cannot generate a key of type \(type)") }
            return AsymmetricKey(takingOwnershipOf: key)
        }
    }
}
