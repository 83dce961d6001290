import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("what every real Slurm has")
struct StatusIntegrationTests {
    @Test("nodes tell what they have, what is used of it, and their state", arguments: ComputeFixture.systems)
    func nodes(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let nodes = try await compute.expect(.ok, .get, "/status/\(compute.system)/nodes").decoded(NodesAnswer.self).nodes
            let node = try #require(nodes.first)
            #expect(nodes.count == 1)
            #expect(node.cpus == 64)
            #expect(node.sockets == 64)
            #expect(node.cores == 1)
            #expect(node.threads == 1)
            #expect(node.features == ["gpu", "fast"])
            #expect(Set(node.partitions ?? []) == ["part01", "part02", "xfer"])
            #expect([.idle, .mixed, .allocated].contains(node.state.first))
            #expect(node.allocMemory != nil)
            #expect((node.allocCpus ?? -1) + (node.idleCpus ?? -1) == 64)
            // A load average, not hundredths of it.
            #expect((node.cpuLoad ?? 0) < 200)
        }
    }

    @Test("hidden partitions show only if they are asked for", arguments: ComputeFixture.systems)
    func partitions(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            func partitions(_ query: String) async throws -> [PartitionModel] {
                try await compute.expect(.ok, .get, "/status/\(compute.system)/partitions\(query)").decoded(PartitionsAnswer.self).partitions
                    .sorted { $0.name < $1.name }
            }
            let expected = ["part01", "part02", "xfer"].map { PartitionModel(name: $0, cpus: 64, totalNodes: 1, partition: "UP") }
            let visible = try await partitions("")
            #expect(visible == Array(expected.dropLast()))
            let all = try await partitions("?show_hidden=true")
            #expect(all == expected)
        }
    }

    @Test("reservations come and go", arguments: ComputeFixture.systems)
    func reservations(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            func reservations() async throws -> [ReservationModel] {
                try await compute.expect(.ok, .get, "/status/\(compute.system)/reservations").decoded(ReservationsAnswer.self).reservations
            }
            let name = ComputeFixture.uniqueName("r")
            // So far ahead that no job of a test is in its way.
            try compute.cluster.administer(
                "scontrol", "create", "reservation", "ReservationName=\(name)", "StartTime=now+30days", "Duration=60", "nodes=ALL", "users=root",
                "flags=MAINT,IGNORE_JOBS,OVERLAP")
            let found = try await reservations().first { $0.name == name }
            try compute.cluster.administer("scontrol", "delete", "ReservationName=\(name)")
            let reservation = try #require(found)
            #expect(reservation.endTime - reservation.startTime == 3600)
            #expect(!reservation.nodeList.isEmpty)
            #expect(reservation.features == nil)
            #expect(reservation.state == "inactive")
            let left = try await reservations()
            #expect(left.allSatisfy { $0.name != name })
        }
    }

    @Test("a user learns which accounts they have", arguments: ComputeFixture.systems)
    func userInfo(_ system: String) async throws {
        try await ComputeFixture.with(system: system) { compute in
            let info = try await compute.expect(.ok, .get, "/status/\(compute.system)/userinfo").decoded(UserInfo.self)
            #expect(info.user.name == compute.user)
            #expect(info.accounts?.contains(UserInfo.Account(name: "myproject", default: true)) == true)
            #expect(info.accounts?.contains(UserInfo.Account(name: "other", default: false)) == true)
        }
    }
}
