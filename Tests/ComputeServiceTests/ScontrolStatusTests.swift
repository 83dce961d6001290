import GoldcrestProtocol
import NIOCore
import Testing

@testable import ComputeService

@Suite("nodes, partitions and reservations as scontrol shows them")
struct ScontrolStatusTests {
    // MARK: - Nodes

    @Test("a node is one entry with all of its partitions", arguments: ["22.05", "24.11"])
    func node(_ version: String) throws {
        let nodes = ScontrolNodes.nodes(try Fixture.bytes("slurm-\(version)/nodes.stdout"))
        let node = try #require(nodes.first)
        #expect(nodes.count == 1)
        #expect(node.name == "vm")
        #expect(node.address == "127.0.0.1")
        #expect(node.hostname == "vm")
        #expect(node.sockets == 64)
        #expect(node.cores == 1)
        #expect(node.threads == 1)
        #expect(node.cpus == 64)
        #expect(node.allocCpus == 3)
        #expect(node.idleCpus == 61)
        #expect(node.allocMemory == 0)
        #expect(node.freeMemory == (version == "22.05" ? 15465 : 15389))
        #expect(node.cpuLoad == (version == "22.05" ? 6.03 : 5.95))
        #expect(node.features == ["gpu", "fast"])
        #expect(node.partitions == ["part01", "part02", "xfer"])
        #expect(node.weight == 1)
        #expect(node.state == [.mixed])
    }

    @Test("a drained node says so behind its base state, has no idle CPUs, and the reason is not read as fields", arguments: ["22.05", "24.11"])
    func drained(_ version: String) throws {
        let node = try #require(ScontrolNodes.nodes(try Fixture.bytes("slurm-\(version)/nodes_drained.stdout")).first)
        #expect(node.state == [.mixed, .drain])
        #expect(node.allocCpus == 3)
        #expect(node.idleCpus == 0)
        #expect(node.weight == 1)
    }

    @Test("what Slurm does not know of a node is absent, and having none is an empty list")
    func unknown() throws {
        let line = "NodeName=n1 CoresPerSocket=4  CPUAlloc=0 CPUTot=8 CPULoad=N/A AvailableFeatures=(null) ActiveFeatures=(null) "
            + "AllocMem=0 FreeMem=N/A Sockets=2 State=DOWN*+DRAIN ThreadsPerCore=1 \nNodeName=\njunk NodeName=n2\n\n"
        let nodes = ScontrolNodes.nodes(ByteBuffer(string: line))
        let node = try #require(nodes.first)
        #expect(nodes.count == 1)
        #expect(node.cpuLoad == nil)
        #expect(node.freeMemory == nil)
        #expect(node.features == [])
        #expect(node.partitions == [])
        #expect(node.address == "n1")
        #expect(node.weight == nil)
        #expect(node.state == [.down, .drain])
        #expect(node.idleCpus == 0)
    }

    @Test(
        "states are told in the words that clients know, the base state in front",
        arguments: [
            ("IDLE", [.idle]), ("ALLOCATED", [.allocated]), ("MIXED", [.mixed]), ("idle*", [.idle]), ("MIXED-", [.mixed]), ("IDLE~", [.idle]),
            ("IDLE+DRAIN", [.idle, .drain]), ("ALLOCATED+DRAIN", [.allocated, .drain]), ("DOWN+DRAIN+NOT_RESPONDING", [.down, .drain]),
            ("IDLE+NOT_RESPONDING", [.idle, .unknown]), ("IDLE+MAINTENANCE", [.idle, .offline]), ("IDLE+RESERVED", [.idle, .reserved]),
            ("IDLE+COMPLETING", [.idle, .completing]), ("IDLE+CLOUD+POWERED_DOWN", [.idle]), ("IDLE+CLOUD+POWERING_UP", [.idle, .poweringUp]),
            ("IDLE+CLOUD+POWERING_DOWN", [.idle, .poweringDown]), ("IDLE+PLANNED", [.idle]), ("drained", [.drain]), ("FUTURE", [.unknown]),
            ("IDLE+DRAIN+DRAIN", [.idle, .drain]), ("", [.unknown]), ("SOMETHING_NEW", [.unknown]),
        ] as [(String, [NodeState])])
    func states(_ text: String, _ states: [NodeState]) {
        #expect(SlurmNodeState.states(text) == states)
    }

    @Test("every cut of real output parses", arguments: ["nodes", "partitions", "reservations"])
    func truncated(_ name: String) throws {
        let whole = try Fixture.bytes("slurm-24.11/\(name).stdout")
        for length in 0..<whole.readableBytes {
            let part = try #require(whole.getSlice(at: 0, length: length))
            #expect(ScontrolNodes.nodes(part).count <= 1)
            #expect(ScontrolPartitions.partitions(part, includesHidden: true).count <= 3)
            #expect(ScontrolReservations.reservations(part, now: 0).count <= 2)
        }
    }

    // MARK: - Partitions

    @Test("hidden partitions show only if they are asked for", arguments: ["22.05/partitions", "24.11/partitions", "24.11/scontrol_partitions"])
    func partitions(_ name: String) throws {
        let output = try Fixture.bytes("slurm-\(name).stdout")
        let visible = ScontrolPartitions.partitions(output, includesHidden: false)
        #expect(visible.map(\.name) == ["part01", "part02"])
        #expect(visible.map(\.partition) == ["UP", "UP"])
        #expect(visible.map(\.totalNodes) == [1, 1])
        let cpus = name.hasSuffix("scontrol_partitions") ? 16 : 64
        #expect(visible.map(\.cpus) == [cpus, cpus])
        #expect(ScontrolPartitions.partitions(output, includesHidden: true).map(\.name) == ["part01", "part02", "xfer"])
    }

    @Test("without --all hidden partitions are not printed to begin with", arguments: ["22.05", "24.11"])
    func visible(_ version: String) throws {
        let output = try Fixture.bytes("slurm-\(version)/partitions_visible.stdout")
        #expect(ScontrolPartitions.partitions(output, includesHidden: true).map(\.name) == ["part01", "part02"])
    }

    // MARK: - Reservations

    @Test("no reservation is an empty list", arguments: ["22.05", "24.11"])
    func noReservation(_ version: String) throws {
        let output = try Fixture.bytes("slurm-\(version)/reservations_none.stdout")
        #expect(ScontrolReservations.reservations(output, now: 0).isEmpty)
    }

    @Test(
        "reservations have their state in lower case",
        arguments: [("22.05", 1_795_271_169, 1_795_278_369), ("24.11", 1_795_271_189, 1_795_278_389)])
    func reservations(_ version: String, _ first: Int, _ second: Int) throws {
        let output = try Fixture.bytes("slurm-\(version)/reservations.stdout")
        #expect(
            ScontrolReservations.reservations(output, now: 0) == [
                ReservationModel(name: "maint1", nodeList: "vm", endTime: first + 3600, startTime: first, features: nil, state: "inactive"),
                ReservationModel(name: "part", nodeList: "vm", endTime: second + 600, startTime: second, features: nil, state: "inactive"),
            ])
    }

    @Test("reservations of another site")
    func otherReservations() throws {
        let reservations = ScontrolReservations.reservations(try Fixture.bytes("slurm-24.11/scontrol_reservations.stdout"), now: 0)
        #expect(reservations.map(\.name) == ["maint1"])
        #expect(reservations.map(\.startTime) == [1_795_223_304])
    }

    @Test("a reservation without nodes, times or state does not break the list")
    func incomplete() {
        let text = """
            ReservationName=a StartTime=Unknown EndTime=Unknown Nodes=(null) Features=(null) Flags=
            ReservationName=b StartTime=100 EndTime=200 Nodes=n[1-3] Features=gpu
            """
        func list(_ now: Int) -> [ReservationModel] { ScontrolReservations.reservations(ByteBuffer(string: text), now: now) }
        #expect(
            list(150) == [
                ReservationModel(name: "a", nodeList: "", endTime: 0, startTime: 0, features: nil, state: "inactive"),
                ReservationModel(name: "b", nodeList: "n[1-3]", endTime: 200, startTime: 100, features: "gpu", state: "active"),
            ])
        #expect(list(200).map(\.state) == ["inactive", "inactive"])
    }
}
