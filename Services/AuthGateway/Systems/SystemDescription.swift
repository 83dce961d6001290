import GoldcrestConfiguration
import GoldcrestProtocol

/// How `/status/systems` shows a cluster's configuration: everything that users may know, no secret.
///
/// `dataOperation` is in snake_case, as clients of the API expect it; all the rest is in camelCase.
struct SystemDescription {
    private static let concealed: JSONValue = "**********"

    let cluster: Cluster

    /// The description without the health of the cluster's services.
    var json: [String: JSONValue] {
        [
            "name": .string(cluster.name),
            "ssh": ssh,
            "scheduler": scheduler,
            "fileSystems": .array(cluster.fileSystems.map(fileSystem)),
            "probing": probing,
            "dataOperation": dataOperation,
        ]
    }

    private var ssh: JSONValue {
        let ssh = cluster.ssh
        return [
            "host": .string(ssh.host),
            "port": JSONValue(ssh.port),
            "proxyHost": JSONValue(ssh.proxyHost),
            "proxyPort": JSONValue(ssh.proxyPort),
            "maxClients": JSONValue(ssh.maxClients),
            "timeout": [
                "connection": seconds(ssh.timeout.connection),
                "login": seconds(ssh.timeout.login),
                "commandExecution": seconds(ssh.timeout.commandExecution),
                "idleTimeout": seconds(ssh.timeout.idleTimeout),
                "keepAlive": seconds(ssh.timeout.keepAlive),
            ],
        ]
    }

    private var scheduler: JSONValue {
        let scheduler = cluster.scheduler
        return [
            "type": .string(scheduler.type.rawValue),
            "connectionMode": .string(scheduler.connectionMode.rawValue),
            "version": .string(scheduler.version),
            "apiUrl": JSONValue(scheduler.apiURL),
            "apiVersion": JSONValue(scheduler.apiVersion),
            "timeout": seconds(scheduler.timeout),
        ]
    }

    private func fileSystem(_ fileSystem: Cluster.FileSystem) -> JSONValue {
        [
            "path": .string("\(fileSystem.path)"),
            "dataType": .string(fileSystem.dataType.rawValue),
            "defaultWorkDir": .bool(fileSystem.defaultWorkDir),
        ]
    }

    private var probing: JSONValue {
        let services = cluster.probing.services.map { services in
            JSONValue.object(
                services.reduce(into: [:]) { object, service in
                    object[service.key.rawValue] = ["timeout": seconds(service.value)]
                })
        }
        return ["intervalCheck": seconds(cluster.probing.interval), "services": services ?? .null]
    }

    private var dataOperation: JSONValue {
        [
            "datatransfer_jobs_directives": .array(cluster.dataOperation.datatransferJobsDirectives.map(JSONValue.string)),
            "max_ops_file_size": JSONValue(cluster.dataOperation.maxOpsFileSize),
            "data_transfer": cluster.dataOperation.dataTransfer.map(dataTransfer) ?? .null,
        ]
    }

    private func dataTransfer(_ transfer: Cluster.DataTransfer) -> JSONValue {
        switch transfer {
        case .s3(let s3):
            [
                "service_type": "s3",
                "name": .string(s3.name),
                "private_url": Self.concealed,
                "public_url": .string(s3.publicURL),
                "access_key_id": Self.concealed,
                "secret_access_key": Self.concealed,
                "region": .string(s3.region),
                "ttl": seconds(s3.ttl),
                "tenant": JSONValue(s3.tenant),
                "multipart": [
                    "use_split": .bool(s3.multipart.useSplit),
                    "max_part_size": JSONValue(s3.multipart.maxPartSize),
                    "parallel_runs": JSONValue(s3.multipart.parallelRuns),
                    "tmp_folder": .string(s3.multipart.tmpFolder),
                ],
                "bucket_lifecycle_configuration": ["days": JSONValue(s3.bucketLifecycleDays)],
            ]
        case .streamer(let streamer):
            [
                "service_type": "streamer",
                "pypi_index_url": JSONValue(streamer.pypiIndexURL),
                "host": JSONValue(streamer.host),
                "port_range": [JSONValue(streamer.portRange.lowerBound), JSONValue(streamer.portRange.upperBound)],
                "public_ips": streamer.publicIPs.map { .array($0.map(JSONValue.string)) } ?? .null,
                "wait_timeout": seconds(streamer.waitTimeout),
                "inbound_transfer_limit": JSONValue(streamer.inboundTransferLimit),
            ]
        case .wormhole(let wormhole):
            ["service_type": "wormhole", "pypi_index_url": JSONValue(wormhole.pypiIndexURL)]
        }
    }

    /// Whole seconds, as clients declare these fields.
    private func seconds(_ duration: Duration) -> JSONValue {
        .integer(duration.components.seconds)
    }
}
