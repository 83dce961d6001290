import COpenSSL

/// OpenSSL's queue of errors, which belongs to the thread (`ERR_get_error(3)`).
enum OpenSSLErrorQueue {
    /// Runs calls of OpenSSL with an empty queue before and behind them, so that no error is mistaken for that of another call.
    ///
    /// The body must not suspend: the queue is the thread's.
    static func isolating<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return try body()
    }

    /// The error that says why `operation` failed, with OpenSSL's own words; empties the queue.
    static func failure(
        of operation: String, code: CryptographyError.Code = .operationFailed
    ) -> CryptographyError {
        var reasons: [String] = []
        var number = ERR_get_error()
        while number != 0 {
            if reasons.count < 4, let reason = ERR_reason_error_string(number) {
                reasons.append(String(cString: reason))
            }
            number = ERR_get_error()
        }
        let detail = reasons.isEmpty ? "" : " (OpenSSL: \(reasons.joined(separator: ", ")))"
        return CryptographyError(code, operation + detail)
    }
}
