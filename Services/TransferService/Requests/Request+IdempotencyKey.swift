import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

extension Request {
    /// What makes a repeated request return the first one's task (draft-ietf-httpapi-idempotency-key-header).
    ///
    /// - Throws: ``APIError`` 400 if it is empty or too long.
    func idempotencyKey() throws(APIError) -> String? {
        guard let key = headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(key.utf8.count) else {
            throw APIError(.badRequest, "The header Idempotency-Key must have 1 to 255 characters")
        }
        return key
    }
}
