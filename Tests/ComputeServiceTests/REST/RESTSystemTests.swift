import GoldcrestProtocol
import Testing

@testable import ComputeService

@Suite("nodes, partitions, reservations and accounts as slurmrestd tells them")
struct RESTSystemTests {
    @Test("nodes")
    func nodes() throws {
        let old = try RESTFixture.read("slurmrestd-0.0.38/slurm_nodes.json", list: "nodes") { try RESTNode.read(&$0) }.elements
        #expect(
            old == [
                NodeModel(
                    sockets: 8, cores: 1, threads: 1, cpus: 8, cpuLoad: 0.43, freeMemory: 12188, features: [], name: "vm", address: "127.0.0.1", hostname: "vm",
                    state: [.mixed], partitions: ["part01"], weight: 1, allocMemory: 0, allocCpus: 1, idleCpus: 7)
            ])
        let new = try RESTFixture.read("slurmrestd-0.0.42/slurm_nodes.json", list: "nodes") { try RESTNode.read(&$0) }.elements
        #expect(
            new == [
                NodeModel(
                    sockets: 16, cores: 1, threads: 1, cpus: 16, cpuLoad: 1.18, freeMemory: 19075, features: [], name: "vm", address: "127.0.0.1", hostname: "vm",
                    state: [.idle], partitions: ["part01", "part02", "xfer"], weight: 1, allocMemory: 0, allocCpus: 0, idleCpus: 16)
            ])
    }

    private func node(_ text: String) throws -> NodeModel? {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONPullReader(bytes)
            return try RESTNode.read(&reader)
        }
    }

    @Test("all states of a node show, and what is not known is null")
    func states() throws {
        let node = try node(#"{"name": "n1", "state": "idle", "state_flags": ["DRAIN", "NOT_RESPONDING"], "cpu_load": 4294967294, "free_mem": {"set": false, "number": 0}, "features": "gpu,fast"}"#)
        #expect(node?.state == [.idle, .drain, .unknown])
        #expect(node?.cpuLoad == nil)
        #expect(node?.freeMemory == nil)
        #expect(node?.features == ["gpu", "fast"])
        #expect(try self.node(#"{"name": "n1", "state": ["DOWN", "NOT_RESPONDING"], "features": ["a", "b"]}"#)?.state == [.down])
        #expect(try self.node(#"{"name": "n1", "state": ["STRANGE"]}"#)?.state == [.unknown])
        #expect(try self.node(#"{"state": ["IDLE"]}"#) == nil)
    }

    @Test("a node counts as available as it does for sinfo", arguments: [(#"["IDLE"]"#, true), (#"["MIXED", "PLANNED"]"#, false), (#"["IDLE", "DRAIN"]"#, false), (#"["DOWN"]"#, false), (#""allocated""#, true), (#"["IDLE", "NOT_RESPONDING"]"#, false), (#"["IDLE", "POWERED_DOWN"]"#, true)])
    func availability(_ state: String, _ isAvailable: Bool) throws {
        let found = try Array(#"{"state": \#(state)}"#.utf8).withUnsafeBytes { bytes in
            var reader = JSONPullReader(bytes)
            return try RESTNode.isAvailable(&reader)
        }
        #expect(found == isAvailable)
    }

    @Test("partitions", arguments: [("0.0.38", 8, 1), ("0.0.42", 16, 2)])
    func partitions(_ version: String, _ cpus: Int, _ count: Int) throws {
        let partitions = try RESTFixture.read("slurmrestd-\(version)/slurm_partitions.json", list: "partitions") { try RESTPartition.read(&$0) }.elements
        #expect(partitions.count == count)
        #expect(partitions.first?.model == PartitionModel(name: "part01", cpus: cpus, totalNodes: 1, partition: "UP"))
        #expect(partitions.allSatisfy { !$0.isHidden })
    }

    @Test("reservations are active between start and end")
    func reservations() throws {
        let path = "slurmrestd-0.0.38/slurm_reservations_one.json"
        let early = try RESTFixture.read(path, list: "reservations") { try RESTReservation.read(&$0, now: 0) }.elements
        let one = try #require(early.first)
        #expect(early.count == 1)
        #expect(one.name == "r1")
        #expect(one.nodeList == "vm")
        #expect(one.features == nil)
        #expect(one.state == "inactive")
        #expect(one.endTime - one.startTime == 3600)
        for (now, state) in [(one.startTime, "active"), (one.endTime - 1, "active"), (one.endTime, "inactive")] {
            #expect(try RESTFixture.read(path, list: "reservations") { try RESTReservation.read(&$0, now: now) }.elements.first?.state == state)
        }
        for version in RESTFixture.versions {
            #expect(try RESTFixture.read("slurmrestd-\(version)/slurm_reservations.json", list: "reservations") { try RESTReservation.read(&$0, now: 0) }.elements.isEmpty)
        }
    }

    @Test("a user's accounts, the default one in front")
    func accounts() throws {
        let new = try RESTFixture.read("slurmrestd-0.0.42/slurmdb_associations_user_fireuser.json", list: "associations") { try RESTAssociation.read(&$0) }.elements
        #expect(RESTAssociation.accounts(new) == [UserInfo.Account(name: "myproject", default: true), UserInfo.Account(name: "other", default: false)])
        let old = try RESTFixture.read("slurmrestd-0.0.38/slurmdb_associations.json", list: "associations") { try RESTAssociation.read(&$0) }.elements
        #expect(RESTAssociation.accounts(old.filter { $0.user == "fireuser" }) == [UserInfo.Account(name: "demo", default: true)])
    }
}
