// Measures how fast the outputs of Slurm's commands are read:
//
//     swift build -c release --product parsing-benchmark && .build/release/parsing-benchmark [JOBS [NODES]]
//
// It makes up the output of each command for that many jobs (10,000) or nodes (1,000) and prints the median of 20 readings in milliseconds.

import ComputeService
import NIOCore

private let runs = 20

private func number(_ index: Int, or standard: Int) -> Int {
    CommandLine.arguments.dropFirst(index).first.flatMap { Int($0) } ?? standard
}

private let jobCount = number(1, or: 10_000)
private let nodeCount = number(2, or: 1_000)
private let separator = FieldSeparator("\u{1F}A1b2")

private func row(_ fields: [String]) -> String {
    fields.map { $0 + separator.text }.joined() + "\n"
}

private func squeue(_ id: Int) -> [String] {
    [
        "\(id)", "4", "alps", "physics", "myproject", "relax supercell \(id)", "nid[00\(id % 90 + 10)-00\(id % 90 + 13)]", "normal",
        "\(4_294_000_000 - id)", "RUNNING", "None", "1-02:03:04", "1795252892", "1795252893", "1795339292", "1-00:00:00", "user\(id % 300)",
        "/capstor/scratch/cscs/user\(id % 300)/runs/\(id)", "0",
    ]
}

/// A job with two steps.
private func sacct(_ id: Int) -> [[String]] {
    let job = [
        "\(id)", "4", "alps", "0:0", "physics", "myproject", "relax supercell \(id)", "nid[00\(id % 90 + 10)-00\(id % 90 + 13)]", "normal",
        "\(4_294_000_000 - id)", "COMPLETED", "None", "3600", "1795252892", "1795252893", "1795256493", "00:00:00", "1440", "user\(id % 300)",
        "/capstor/scratch/cscs/user\(id % 300)/runs/\(id)", "2\(id % 300)",
    ]
    return [job] + ["batch", "0"].map { step in
        [
            "\(id).\(step)", "4", "alps", "0:0", "", "myproject", step, "nid[00\(id % 90 + 10)-00\(id % 90 + 13)]", "", "", "COMPLETED", "", "3600",
            "1795252893", "1795252893", "1795256493", "00:00:00", "", "", "", "",
        ]
    }
}

private func node(_ id: Int) -> String {
    """
    NodeName=nid\(100_000 + id) Arch=x86_64 CoresPerSocket=64  CPUAlloc=\(id % 257) CPUEfctv=256 CPUTot=256 CPULoad=\(id % 256).31 \
    AvailableFeatures=gpu,a100,fast ActiveFeatures=gpu,a100,fast Gres=gpu:4(S:0-3) NodeAddr=nid\(100_000 + id) NodeHostName=nid\(100_000 + id) \
    Version=24.11.5 OS=Linux 5.14.21-150500.55.65_13.0.73-cray_shasta_c #1 SMP Tue May 14 18:39:45 UTC 2024 (3aa5f14)  RealMemory=450000 \
    AllocMem=\(id * 100) FreeMem=312345 Sockets=2 Boards=1 State=MIXED+DRAIN ThreadsPerCore=2 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A \
    Partitions=normal,debug,xfer  BootTime=1795264766 SlurmdStartTime=1795267534 LastBusyTime=1795267541 ResumeAfterTime=None \
    CfgTRES=cpu=256,mem=450000M,billing=256,gres/gpu=4 AllocTRES=cpu=\(id % 257) CurrentWatts=0 AveWatts=0 Reason=fan failed [root@1795267569]

    """
}

private func measure(_ name: String, _ count: Int, _ output: String, _ read: (ByteBuffer) -> Int) {
    let buffer = ByteBuffer(string: output)
    let clock = ContinuousClock()
    var times: [Duration] = []
    var found = 0
    for _ in 0..<runs { times.append(clock.measure { found = read(buffer) }) }
    precondition(found == count, "\(name): \(found) of \(count) were read")
    times.sort()
    let median = times[runs / 2] / Duration.milliseconds(1)
    print("\(name): \(count) in \((median * 100).rounded() / 100) ms (\(buffer.readableBytes / 1024) KiB)")
}

measure("squeue, jobs", jobCount, (1...jobCount).map { row(squeue($0)) }.joined()) { SqueueOutput.jobs($0, separator: separator).count }
measure("sacct, jobs with two steps each", jobCount, (1...jobCount).flatMap { sacct($0).map(row) }.joined()) {
    SacctOutput.jobs($0, separator: separator).count
}
measure("scontrol, nodes", nodeCount, (1...nodeCount).map(node).joined()) { ScontrolNodes.nodes($0).count }
