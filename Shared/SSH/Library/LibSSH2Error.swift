import CLibSSH2

/// A failed call of libssh2: which, its return code, and the library's own words.
struct LibSSH2Error: Error, CustomStringConvertible {
    var operation: String
    var code: Int32
    var message: String

    var description: String { "\(operation): \(message) (libssh2 \(code))" }

    /// Whether nothing more can be done over the connection: the byte stream has ended or lost its meaning.
    var breaksConnection: Bool {
        switch code {
        case LIBSSH2_ERROR_SOCKET_NONE, LIBSSH2_ERROR_BANNER_RECV, LIBSSH2_ERROR_BANNER_SEND, LIBSSH2_ERROR_INVALID_MAC, LIBSSH2_ERROR_KEX_FAILURE,
            LIBSSH2_ERROR_ALLOC, LIBSSH2_ERROR_SOCKET_SEND, LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE, LIBSSH2_ERROR_TIMEOUT, LIBSSH2_ERROR_HOSTKEY_INIT,
            LIBSSH2_ERROR_HOSTKEY_SIGN, LIBSSH2_ERROR_DECRYPT, LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_PROTO, LIBSSH2_ERROR_SOCKET_TIMEOUT,
            LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_ENCRYPT, LIBSSH2_ERROR_BAD_SOCKET, LIBSSH2_ERROR_RANDGEN, LIBSSH2_ERROR_ZLIB, LIBSSH2_ERROR_COMPRESS:
            true
        default: false
        }
    }
}
