import GoldcrestConfiguration

extension Cluster {
    /// How long what a download's job has put into object storage is kept for its user: as long as the URL is good.
    var timeToFetch: Duration {
        if case .s3(let storage)? = dataOperation.dataTransfer { storage.ttl } else { .zero }
    }
}
