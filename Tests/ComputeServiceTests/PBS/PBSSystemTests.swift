import GoldcrestProtocol
import NIOCore
import Testing

@testable import ComputeService

@Suite("nodes, queues and reservations of OpenPBS")
struct PBSSystemTests {
    @Test("a node tells what it has and what is left of it")
    func nodes() throws {
        #expect(
            PBSNode.nodes(try RecordedPBS.output("pbsnodes")) == [
                NodeModel(
                    sockets: nil, cores: nil, threads: nil, cpus: 8, cpuLoad: nil, freeMemory: 24103, features: [], name: "vm", address: "vm",
                    hostname: "vm", state: [.idle], partitions: nil, weight: nil, allocMemory: 0, allocCpus: 2, idleCpus: 6)
            ])
        #expect(PBSNode.availability(try RecordedPBS.output("pbsnodes")) == ServiceHealth.Nodes(available: 1, total: 1))
    }

    @Test("memory that jobs have is not free, and a node's queue is its partition")
    func allocatedNode() throws {
        let text = """
            {
                "nodes": {
                    "n1": {
                        "state": "down,offline",
                        "pcpus": 4,
                        "queue": "gpu",
                        "resources_available": {
                            "mem": "4gb"
                        },
                        "resources_assigned": {
                            "mem": "1048576kb",
                            "ncpus": 6
                        }
                    }
                }
            }
            """
        let node = try #require(PBSNode.nodes(ByteBuffer(string: text)).first)
        #expect(node.state == [.down, .offline])
        #expect(node.cpus == 4 && node.allocCpus == 6 && node.idleCpus == 0)
        #expect(node.freeMemory == 3072 && node.allocMemory == 1024)
        #expect(node.partitions == ["gpu"])
        #expect(PBSNode.availability(ByteBuffer(string: text)) == ServiceHealth.Nodes(available: 0, total: 1))
    }

    @Test(
        "states of nodes",
        arguments: [
            ("free", [.idle]), ("job-exclusive", [.allocated]), ("job-busy", [.allocated]), ("job-sharing", [.mixed]), ("time-shared", [.mixed]), ("down", [.down]),
            ("offline", [.offline]), ("reserve", [.reserved]), ("resv-exclusive", [.reserved]), ("busy", [.busy]), ("down,offline", [.down, .offline]),
            ("state-unknown,down", [.unknown, .down]), ("Stale", [.down]), ("provisioning", [.poweringUp]), ("new", [.unknown]), (nil, [.unknown]),
        ] as [(String?, [NodeState])])
    func nodeStates(_ text: String?, _ states: [NodeState]) {
        #expect(PBSNode.states(text) == states)
    }

    @Test("queues are partitions")
    func queues() throws {
        #expect(
            PBSQueue.partitions(try RecordedPBS.output("qstat_queues"), includesHidden: false) == [
                PartitionModel(name: "workq", cpus: nil, totalNodes: nil, partition: "UP"),
                PartitionModel(name: "long", cpus: nil, totalNodes: nil, partition: "DOWN"),
            ])
    }

    @Test("queues that users don't submit to are hidden")
    func hiddenQueues() {
        let text = """
            {
                "Queue": {
                    "R10": {
                        "enabled": "True",
                        "started": "True"
                    },
                    "small": {
                        "from_route_only": "True",
                        "enabled": "True",
                        "started": "False"
                    },
                    "Rome": {
                        "enabled": "False",
                        "started": "True"
                    },
                    "off": {
                        "enabled": "False",
                        "started": "False"
                    }
                }
            }
            """
        func names(_ includesHidden: Bool) -> [String] {
            PBSQueue.partitions(ByteBuffer(string: text), includesHidden: includesHidden).map { "\($0.name) \($0.partition)" }
        }
        #expect(names(false) == ["Rome DRAIN", "off INACTIVE"])
        #expect(names(true) == ["R10 UP", "small DOWN", "Rome DRAIN", "off INACTIVE"])
    }

    @Test("a reservation has the name by which jobs use it", arguments: ["pbs_rstat", "pbs_rstat_F"])
    func reservations(_ recording: String) throws {
        #expect(
            PBSReservation.reservations(try RecordedPBS.output(recording)) == [
                ReservationModel(name: "R10", nodeList: "vm", endTime: 1_795_227_180, startTime: 1_795_223_580, features: nil, state: "inactive")
            ])
    }

    @Test("no reservations are none")
    func noReservations() throws {
        #expect(PBSReservation.reservations(ByteBuffer(string: RecordedPBS.text("pbs_rstat_none", "stdout"))).isEmpty)
    }

    @Test("a running reservation is active, its nodes are told once, and no variable of its owner changes it")
    func runningReservation() {
        let text = """
            Resv ID: S7.vm
            reserve_state = RESV_RUNNING
            reserve_start = Sat Nov 21 01:13:00 2026
            reserve_end = Sat Nov 21 02:13:00 2026
            resv_nodes = (n1:ncpus=1)+(n2:ncpus=1+n1:ncpus=2)
            Variable_List = A=1
            reserve_start = Thu Jan  1 00:00:01 1970

            Resv ID: R8.vm
            reserve_state = RESV_UNCONFIRMED

            """
        #expect(
            PBSReservation.reservations(ByteBuffer(string: text)) == [
                ReservationModel(name: "S7", nodeList: "n1,n2", endTime: 1_795_227_180, startTime: 1_795_223_580, features: nil, state: "active")
            ])
    }
}
