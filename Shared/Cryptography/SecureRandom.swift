import COpenSSL

/// Random bytes that nobody can foresee (`RAND_bytes(3)`, seeded by the kernel).
public enum SecureRandom {
    public static func bytes(_ count: Int) -> [UInt8] {
        precondition((0...Int(Int32.max)).contains(count), "Cannot make \(count) random bytes")
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            let isDone = count == 0 || RAND_bytes(buffer.baseAddress, Int32(count)) == 1
            // A key or nonce from a generator without seed would be worse than a crash.
            precondition(isDone, "OpenSSL's random generator has no seed")
            initializedCount = count
        }
    }
}
