extension Cluster {
    /// The section `data_operation` of a cluster.
    public struct DataOperation: Sendable, Equatable {
        /// Lines such as `#SBATCH --partition=xfer` for the jobs of transfers; `{account}` in one stands for the request's account.
        public var datatransferJobsDirectives: [String]
        /// The most bytes that a file operation reads, writes or shows.
        public var maxOpsFileSize: Int
        /// Absent: uploads and downloads by job are not possible.
        public var dataTransfer: DataTransfer?

        public init(
            datatransferJobsDirectives: [String] = [], maxOpsFileSize: Int = 5 * 1024 * 1024, dataTransfer: DataTransfer? = nil
        ) {
            self.datatransferJobsDirectives = datatransferJobsDirectives
            self.maxOpsFileSize = maxOpsFileSize
            self.dataTransfer = dataTransfer
        }

        /// Whether requests must name an account because a directive wants it.
        public var requiresAccount: Bool {
            datatransferJobsDirectives.contains { $0.contains("{account}") }
        }

        /// The directives with an account in its places.
        public func directives(account: String?) -> [String] {
            datatransferJobsDirectives.map { line in
                line.split(separator: "{account}", omittingEmptySubsequences: false).joined(separator: account ?? "")
            }
        }
    }
}
