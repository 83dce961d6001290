import CLibCurl

extension HTTPClientError {
    /// - Parameters:
    ///   - words: What curl says about it. Its messages name hosts, addresses and numbers, but neither paths nor headers.
    init(_ result: CURLcode, words: String, request: HTTPClientRequest) {
        let code: Code =
            switch result {
            case CURLE_URL_MALFORMAT: .invalidURL
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
                CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND, CURLE_PROXY, CURLE_NO_CONNECTION_AVAILABLE:
                .connectionFailed
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
                .tls
            case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_BAD_FUNCTION_ARGUMENT: .unavailable
            default: .protocol
            }
        // The words about a malformed URL quote parts of it.
        let text = code == .invalidURL ? String(cString: curl_easy_strerror(result)) : words
        self.init(code, "\(request.summary): \(text)")
    }
}
