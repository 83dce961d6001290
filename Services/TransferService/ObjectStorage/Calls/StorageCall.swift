import HTTPTypes

/// A call of the service's own to the storage.
struct StorageCall: Sendable {
    let method: HTTPRequest.Method
    let bucket: BucketName
    var key: String?
    /// In clear.
    var query: [(name: String, value: String)] = []
    var fields: HTTPFields = [:]
    var body: [UInt8] = []
    /// Whether the answer to a success is XML. Such an answer may still tell an error, found when the status was sent already
    /// (Amazon S3 API, CompleteMultipartUpload).
    var answersInXML = false
    /// How long it may take, repetitions included.
    var deadline: Duration = .seconds(15)
}

extension StorageCall {
    init(_ method: HTTPRequest.Method, _ bucket: BucketName, query: [(name: String, value: String)] = []) {
        self.init(method: method, bucket: bucket, query: query)
    }

    init(_ method: HTTPRequest.Method, _ object: ObjectName, query: [(name: String, value: String)] = []) {
        self.init(method: method, bucket: object.bucket, key: object.key, query: query)
    }

    /// The same call with XML as its body.
    func sending(_ element: RequestElement) -> StorageCall {
        var call = self
        call.body = element.document
        call.fields[.contentType] = "application/xml"
        return call
    }

    /// The same call, whose answer is XML.
    var readingXML: StorageCall {
        var call = self
        call.answersInXML = true
        return call
    }
}
