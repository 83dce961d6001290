extension Cluster {
    /// The section `data_transfer` of a cluster's data operations: how files too big for an HTTP request get in and out.
    public enum DataTransfer: Sendable, Equatable {
        case s3(S3)
        case streamer(Streamer)
        case wormhole(Wormhole)

        /// The value of `service_type`, and of a request's `transferMethod`.
        public var serviceType: String {
            switch self {
            case .s3: "s3"
            case .streamer: "streamer"
            case .wormhole: "wormhole"
            }
        }

        /// Object storage in between.
        public struct S3: Sendable, Equatable {
            public struct Multipart: Sendable, Equatable {
                public var useSplit: Bool
                /// Bytes of a part; S3 takes 5 MiB to 5 GiB.
                public var maxPartSize: Int
                public var parallelRuns: Int
                public var tmpFolder: String

                public init(useSplit: Bool = false, maxPartSize: Int = 2 << 30, parallelRuns: Int = 3, tmpFolder: String = "tmp") {
                    self.useSplit = useSplit
                    self.maxPartSize = maxPartSize
                    self.parallelRuns = parallelRuns
                    self.tmpFolder = tmpFolder
                }
            }

            public var name: String
            /// Where the services and the jobs reach the storage.
            public var privateURL: Secret
            /// Where the users reach it.
            public var publicURL: String
            public var accessKeyID: Secret
            public var secretAccessKey: Secret
            public var region: String
            /// How long presigned URLs are good.
            public var ttl: Duration
            /// Makes the bucket `tenant:user`, for Ceph.
            public var tenant: String?
            public var multipart: Multipart
            /// After how many days objects expire.
            public var bucketLifecycleDays: Int

            public init(
                name: String, privateURL: Secret, publicURL: String, accessKeyID: Secret, secretAccessKey: Secret, region: String,
                ttl: Duration, tenant: String? = nil, multipart: Multipart = Multipart(), bucketLifecycleDays: Int = 10
            ) {
                self.name = name
                self.privateURL = privateURL
                self.publicURL = publicURL
                self.accessKeyID = accessKeyID
                self.secretAccessKey = secretAccessKey
                self.region = region
                self.ttl = ttl
                self.tenant = tenant
                self.multipart = multipart
                self.bucketLifecycleDays = bucketLifecycleDays
            }
        }

        /// A WebSocket between the user's machine and a job.
        public struct Streamer: Sendable, Equatable {
            /// Where the job listens.
            public var host: String?
            public var portRange: ClosedRange<Int>
            /// The addresses that users are told, when the job's own are not theirs to reach.
            public var publicIPs: [String]?
            /// How long the job waits for the user.
            public var waitTimeout: Duration
            /// The most bytes that one upload may have.
            public var inboundTransferLimit: Int
            public var pypiIndexURL: String?

            public init(
                host: String? = nil, portRange: ClosedRange<Int> = 5665...5675, publicIPs: [String]? = nil,
                waitTimeout: Duration = .seconds(86400), inboundTransferLimit: Int = 5 << 30, pypiIndexURL: String? = nil
            ) {
                self.host = host
                self.portRange = portRange
                self.publicIPs = publicIPs
                self.waitTimeout = waitTimeout
                self.inboundTransferLimit = inboundTransferLimit
                self.pypiIndexURL = pypiIndexURL
            }
        }

        /// Magic Wormhole.
        public struct Wormhole: Sendable, Equatable {
            public var pypiIndexURL: String?
            /// The mailbox server where both ends meet; the package's own if there is none. The users' `wormhole` must use the same.
            public var relayURL: String?
            /// The relay for ends that cannot connect directly, as `tcp:HOST:PORT`; the package's own if there is none.
            public var transitHelper: String?

            public init(pypiIndexURL: String? = nil, relayURL: String? = nil, transitHelper: String? = nil) {
                self.pypiIndexURL = pypiIndexURL
                self.relayURL = relayURL
                self.transitHelper = transitHelper
            }
        }
    }
}
