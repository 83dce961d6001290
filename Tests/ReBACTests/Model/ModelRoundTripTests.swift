import ReBAC
import Testing

/// Models made up from a seed. They need not be valid: whether they are does not matter to how they are written.
private struct AnyModel {
    private var generator: SplitMix
    private let names = ["a", "b", "c", "viewer", "can-edit", "type", "model", "x_1"]

    init(seed: UInt64) {
        generator = SplitMix(seed)
    }

    mutating func make() -> AuthorizationModel {
        AuthorizationModel(
            types: distinct(upTo: 4).map { name in TypeDefinition(name: name, relations: distinct(upTo: 4).map { relation($0) }) },
            conditions: distinct(upTo: 2).filter { $0 != "type" }.map { name in
                ConditionDefinition(
                    name: name, parameters: distinct(upTo: 2).map { ConditionParameter(name: $0, type: parameterType()) },
                    expression: generator.next() % 2 == 0 ? "x < 3 && \"}#\" != y" : "true")
            })
    }

    private mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    private mutating func name() -> String { names[number(below: names.count)] }

    private mutating func distinct(upTo count: Int) -> [String] { Array(names.shuffled(using: &generator).prefix(1 + number(below: count))) }

    private mutating func relation(_ name: String) -> RelationDefinition {
        let rewrite = rewrite(depth: 0, mayBeDirect: true)
        return RelationDefinition(
            name: name, rewrite: rewrite, directTypes: rewrite.isDirect ? (0...number(below: 3)).map { _ in restriction() } : [])
    }

    private mutating func restriction() -> TypeRestriction {
        let form: TypeRestriction.Form =
            switch number(below: 3) {
            case 0: .object
            case 1: .wildcard
            default: .userset(relation: name())
            }
        return TypeRestriction(type: name(), form: form, condition: number(below: 3) == 0 ? "hours" : nil)
    }

    private mutating func rewrite(depth: Int, mayBeDirect: Bool) -> UsersetRewrite {
        switch number(below: depth < 4 ? 7 : 3) {
        case 0: return mayBeDirect ? .direct : .computed(relation: name())
        case 1: return .computed(relation: name())
        case 2: return .tupleToUserset(tupleset: name(), relation: name())
        case 3, 4: return .union(operands(depth: depth + 1, mayBeDirect: mayBeDirect))
        case 5: return .intersection(operands(depth: depth + 1, mayBeDirect: mayBeDirect))
        default:
            return .exclusion(base: rewrite(depth: depth + 1, mayBeDirect: mayBeDirect), subtracted: rewrite(depth: depth + 1, mayBeDirect: false))
        }
    }

    private mutating func operands(depth: Int, mayBeDirect: Bool) -> [UsersetRewrite] {
        (0..<2 + number(below: 2)).map { rewrite(depth: depth, mayBeDirect: mayBeDirect && $0 == 0) }
    }

    private mutating func parameterType() -> ConditionParameterType {
        let simple: [ConditionParameterType] = [.any, .bool, .string, .int, .uint, .double, .duration, .timestamp, .ipaddress]
        let type = simple[number(below: simple.count)]
        return [type, .list(type), .map(type)][number(below: 3)]
    }
}

extension UsersetRewrite {
    fileprivate var isDirect: Bool {
        switch self {
        case .direct: true
        case .computed, .tupleToUserset: false
        case .union(let operands), .intersection(let operands): operands.contains(where: \.isDirect)
        case .exclusion(let base, _): base.isDirect
        }
    }
}

extension AuthorizationModel {
    /// In the order that JSON gives, which has none of its own.
    fileprivate var sorted: Self {
        AuthorizationModel(
            types: types.map { TypeDefinition(name: $0.name, relations: $0.relations.sorted { $0.name < $1.name }) },
            conditions: conditions.map {
                ConditionDefinition(name: $0.name, parameters: $0.parameters.sorted { $0.name < $1.name }, expression: $0.expression)
            }.sorted { $0.name < $1.name })
    }
}

@Suite("Models made up at random")
struct ModelRoundTripTests {
    @Test("are the same read back from JSON and from the language", arguments: UInt64(0)..<500)
    func roundTrip(seed: UInt64) throws {
        var random = AnyModel(seed: seed)
        let model = random.make()
        let json = model.json()
        let fromJSON = try AuthorizationModel(json: json)
        #expect(fromJSON == model.sorted)
        #expect(fromJSON.json() == json)
        // Writing reads the text back and compares.
        let text = try model.dsl()
        #expect(!text.isEmpty)
        // Such a model is seldom valid; where it is, it comes back from its text as a reader takes it.
        if model.problems().isEmpty { #expect(try AuthorizationModel(dsl: text) == model) }
    }
}
