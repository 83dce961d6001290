import CLibSSH2

/// The linked libssh2 as a whole.
enum LibSSH2 {
    /// Sets the library up, once and before any other call; `libssh2_init` is not safe to call from two threads at once.
    static let isInitialized: Bool = libssh2_init(0) == 0

    /// The version of the library that runs, such as `1.10.0`.
    static let version = libssh2_version(0).map { String(cString: $0) } ?? "unknown"

    /// Whether RSA keys are used with SHA-2 signatures and all certificates work, which libssh2 does from 1.11.
    static let signsRSAWithSHA2 = libssh2_version(0x01_0b00) != nil
}
