// Measures the gateway's own evaluator of OpenFGA models against what it must reach, in process and on one core:
//
//     swift build -c release --product rebac-benchmark && .build/release/rebac-benchmark
//
// See `Site` for what the tuples are about.

import ReBAC

private let questionCount = 100_000
private let limits = EvaluationLimits(deadline: .now + .seconds(3_600))

// Loading, without the making up of tuples.
private let makingUp = ProcessorTime.measure { Site.forEachTuple { _ in } }
private let before = Memory.resident
private var index = TupleIndex()
private let loading = ProcessorTime.measure { Site.forEachTuple { index.insert($0) } } - makingUp
private let bytesPerTuple = Double(Memory.resident - before) / Double(index.count)

private let evaluator = Evaluator(model: try CompiledModel(Site.model), tuples: index)

private func check(_ object: ObjectReference, _ relation: String, _ user: UserReference) throws -> Bool {
    try evaluator.check(TupleKey(object: object, relation: relation, user: user), limits: limits)
}

private func measure(_ name: String, _ questions: [TupleKey], answer: Bool, perSecond: Double?) throws {
    var wrong = 0
    let measurement = try Measurement(questionCount) { index in
        if try Evaluator(model: evaluator.model, tuples: evaluator.tuples).check(questions[index % questions.count], limits: limits) != answer { wrong += 1 }
    }
    precondition(wrong == 0, "\(wrong) wrong answers to \(name)")
    let p99 = measurement.percentile(99).milliseconds
    report(
        name, "\(rounded(measurement.perSecond))/s, p50 \(rounded(measurement.percentile(50).milliseconds, 4)) ms, p99 \(rounded(p99, 4)) ms",
        limit: (perSecond.map { "≥ \(rounded($0))/s, " } ?? "") + "p99 < 0.2 ms", isWithin: p99 < 0.2 && measurement.perSecond >= perSecond ?? 0)
}

/// Documents in folders below one that a department may see: the way is document, folder, folder, department, team.
private let deepDocuments = (0..<questionCount / 5).map { Site.pick(Site.documents / 5, for: $0, 20) * 5 }

private func deepQuestion(_ document: Int, _ user: Int, _ relation: String = "viewer") -> TupleKey {
    TupleKey(object: Site.document(document), relation: relation, user: Site.user(user))
}

private let owned = (0..<questionCount / 5).map { Site.pick(Site.documents, for: $0, 21) }.filter(Site.hasOwner)
private let direct = owned.map { TupleKey(object: Site.document($0), relation: "owner", user: Site.user(Site.owner(ofDocument: $0))) }
private let notDirect = try owned.enumerated()
    .map { TupleKey(object: Site.document($1), relation: "owner", user: Site.user(Site.pick(Site.users, for: $0, 22))) }
    .filter { try !evaluator.check($0, limits: limits) }
private let members = deepDocuments.enumerated().map { index, document in
    let department = Site.department(ofFolder: Site.folder(ofDocument: document) / 10)
    return Site.member(Site.pick(20, for: index, 24), ofTeam: department * 10 + Site.pick(10, for: index, 23))
}
private let deep = zip(deepDocuments, members).map { deepQuestion($0, $1) }
private let strangers = try deepDocuments.indices
    .map { deepQuestion(deepDocuments[$0], Site.pick(Site.users, for: $0, 25)) }
    .filter { try !evaluator.check($0, limits: limits) }
private let readers = try zip(deepDocuments, members).map { deepQuestion($0, $1, "reader") }.filter { try evaluator.check($0, limits: limits) }

print("\(index.count) tuples: \(Site.users) users in \(Site.teams) teams in \(Site.departments) departments in \(Site.divisions) divisions (groups in groups),")
print("\(Site.documents) documents with UUIDs as ids in \(Site.folders) folders four deep; \(questionCount) questions each, in process, on one core.\n")
report("what", "measured", limit: "limit", isWithin: true)
report("loading", "\(rounded(loading.seconds, 2)) s", limit: "≤ 10 s", isWithin: loading.seconds <= 10)
report("memory", "\(rounded(bytesPerTuple)) bytes per tuple", limit: "≤ 150 bytes per tuple", isWithin: bytesPerTuple <= 150)
try measure("check direct, yes", direct, answer: true, perSecond: 50_000)
try measure("check direct, no", notDirect, answer: false, perSecond: 50_000)
try measure("check depth 4, yes", deep, answer: true, perSecond: 10_000)
try measure("check depth 4, no", strangers, answer: false, perSecond: 10_000)
try measure("check depth 4 `but not`, yes", readers, answer: true, perSecond: 10_000)

/// Members of a team, and so of a division that may see two of the topmost folders with all below: some 10,000 documents, of which 1,000 are
/// asked for.
private let lists = try Measurement(200) { index in
    let found = try evaluator.listObjects(
        ofType: "document", relation: "viewer", user: Site.user(Site.member(0, ofTeam: index * 17 % Site.teams)), limits: limits, maximum: 1_000)
    precondition(found.count == 1_000, "\(found.count) objects")
}
private let slowest = lists.percentile(99).milliseconds
report(
    "list-objects, 1,000 results", "p50 \(rounded(lists.percentile(50).milliseconds, 2)) ms, p99 \(rounded(slowest, 2)) ms", limit: "≤ 50 ms",
    isWithin: slowest <= 50)
