@testable import ComputeService
import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import Testing
@testable import TransferService

/// Whatever the document says that a client may send is read by the service that it is for: a wrong value of it is refused by its name.
@Suite("The OpenAPI document and the requests that services read")
struct OpenAPIRequestsTests {
    private let api: DescribedAPI
    private let cluster: Cluster

    init() throws {
        api = try DescribedAPI()
        cluster = Cluster(
            name: "daint", fileSystems: [.init(path: try AbsolutePath(normalising: "/home"), dataType: .users)],
            ssh: Cluster.SSH(host: "127.0.0.1"), scheduler: Cluster.Scheduler(type: .slurm, version: "24.11"))
    }

    private func properties(of component: String) -> [String: JSONValue] {
        api["components", "schemas", component, "properties"]?.object ?? [:]
    }

    private func refused(_ body: () throws -> Void) -> [String] {
        (#expect(throws: APIError.self, performing: body)?.fields ?? []).map(\.name)
    }

    @Test("agree about the list of jobs")
    func jobListing() throws {
        let wrong = [
            "allusers": "maybe", "account": "%00", "name": String(repeating: "n", count: 236), "time_window": "2h", "ids": "x", "state": "1",
            "limit": "-1", "offset": "-1",
        ]
        let parameters = api.operation("get", "/compute/{system_name}/jobs")?.at(["parameters"])?.array ?? []
        let described = parameters.filter { $0.at(["in"]) == "query" }.compactMap { $0.at(["name"])?.text }
        #expect(described.sorted() == wrong.keys.sorted())
        for (name, value) in wrong {
            let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/compute/daint/jobs?\(name)=\(value)")
            let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
            #expect(refused { _ = try JobListing(try QueryFields(of: request)) } == [name])
        }
    }

    @Test("agree about the description of a job")
    func jobDescription() throws {
        let good: [String: JSONValue] = ["workingDirectory": "/home/u", "script": "#!/bin/sh"]
        _ = try JobSubmission(["job": .object(good)], on: cluster)
        let names = properties(of: "JobDescriptionModel").keys
        #expect(names.count == 12)
        for name in names {
            let bad = good.merging([name: 7]) { $1 }
            #expect(refused { _ = try JobSubmission(["job": .object(bad)], on: cluster) }.contains("job.\(name)"), "\(name)")
        }
    }

    @Test("agree about the list of transfers' tasks")
    func transferTasks() throws {
        let wrong = ["state": "done", "operation": "move", "limit": "501", "cursor": "x"]
        let parameters = api.operation("get", "/filesystem/{system_name}/transfer/tasks")?.at(["parameters"])?.array ?? []
        let described = parameters.filter { $0.at(["in"]) == "query" }
        #expect(described.compactMap { $0.at(["name"])?.text }.sorted() == wrong.keys.sorted())
        let limit = described.first { $0.at(["name"]) == "limit" }?.at(["schema"])
        #expect(limit?.at(["default"]) == JSONValue(TransferTaskListing.defaultLimit))
        #expect(limit?.at(["maximum"]) == JSONValue(TransferTaskListing.maximumLimit))
        for (name, value) in wrong {
            let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/?\(name)=\(value)")
            let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
            #expect(refused { _ = try TransferTaskListing(try QueryFields(of: request), of: "u", on: "daint") } == [name])
        }
    }

    private func request(_ fields: [String: JSONValue]) throws -> Request {
        let head = HTTPRequest(
            method: .post, scheme: nil, authority: nil, path: "/", headerFields: [.contentType: "application/json", .idempotencyKey: "k"])
        return Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: try JSONEncoder().encode(fields))))
    }

    @Test("agree about changes of files")
    func fileTransfers() async throws {
        let values: [String: JSONValue] = ["sourcePath": "/home/a", "targetPath": "/home/b", "account": "acct", "dereference": true]
        #expect(Set(properties(of: "CopyRequest").keys) == Set(values.keys))
        #expect(Set(properties(of: "MoveRequest").keys) == Set(values.keys).subtracting(["dereference"]))
        let copy = try await FileTransferRequest.copy(try request(values), on: cluster)
        let (source, target) = (try AbsolutePath(normalising: "/home/a"), try AbsolutePath(normalising: "/home/b"))
        #expect(copy.transfer == .copy(source: source, target: target, dereference: true))
        #expect(copy.account == "acct" && copy.idempotencyKey == "k")

        let more = values.merging(["compression": "xz", "matchPattern": ".*"]) { $1 }
        #expect(Set(properties(of: "CompressRequest").keys) == Set(more.keys))
        #expect(Set(properties(of: "ExtractRequest").keys) == Set(more.keys).subtracting(["dereference", "matchPattern"]))
        let archive = try await FileTransferRequest.compress(try request(more), on: cluster)
        #expect(
            archive.transfer
                == .compress(ArchiveOrder(source: source, target: target, compression: .xz, matchPattern: ".*", dereference: true)))
        #expect(archive.account == "acct")
    }

    @Test("agree about uploads and downloads")
    func uploads() async throws {
        #expect(properties(of: "PostFileUploadRequest").keys.sorted() == ["account", "sourcePath", "transferDirectives"])
        #expect(properties(of: "PostFileDownloadRequest").keys.sorted() == ["account", "sourcePath", "transferDirectives"])
        let ways: [(Cluster.DataTransfer, String, [String: JSONValue])] = [
            (
                .s3(
                    .init(
                        name: "s", privateURL: Secret("http://s"), publicURL: "http://s", accessKeyID: Secret("a"), secretAccessKey: Secret("s"),
                        region: "r", ttl: .seconds(1))), "S3TransferRequest", ["transferMethod": "s3", "fileSize": 1]
            ),
            (.streamer(.init()), "StreamerTransferRequest", ["transferMethod": "streamer", "fileSize": 1]),
            (.wormhole(.init()), "WormholeTransferUploadRequest", ["transferMethod": "wormhole", "wormholeCode": "7-a-b"]),
        ]
        for (transfer, component, directives) in ways {
            #expect(Set(properties(of: component).keys) == Set(directives.keys))
            var cluster = cluster
            cluster.dataOperation.dataTransfer = transfer
            let values: [String: JSONValue] = ["sourcePath": "/home/a", "account": "acct", "transferDirectives": .object(directives)]
            let upload = try await UploadRequest.read(try request(values), on: cluster)
            #expect(upload.target.string == "/home/a" && upload.account == "acct" && upload.idempotencyKey == "k")
            let download = try await DownloadRequest.read(try request(values), on: cluster)
            #expect(download.source.string == "/home/a" && download.account == "acct" && download.way == transfer)
        }
        #expect(Array(properties(of: "WormholeTransferRequest").keys) == ["transferMethod"])
    }
}
