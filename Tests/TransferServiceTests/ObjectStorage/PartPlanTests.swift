import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import TransferService

@Suite("the parts of a file")
struct PartPlanTests {
    static let mebibyte = 1 << 20

    @Test(
        "are of the wished size, but for the last",
        arguments: [
            (0, 1, 0), (1, 1, 1), (5 << 20 - 1, 1, 5 << 20 - 1), (5 << 20, 1, 5 << 20), (5 << 20 + 1, 2, 1), (12 << 20, 3, 2 << 20),
        ])
    func cut(size: Int, count: Int, last: Int) throws {
        let plan = try PartPlan(size: size, maxPartSize: 5 * Self.mebibyte)
        #expect(plan.partSize == 5 * Self.mebibyte)
        #expect(plan.count == count)
        #expect(plan.range(ofPart: count).count == last)
        let ranges = (1...count).map(plan.range(ofPart:))
        #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == size)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound && $0.count == plan.partSize })
    }

    @Test("are larger where there would be more than 10,000", arguments: [50_000 << 20, 50_000 << 20 + 1, 1 << 40, 5 << 40])
    func limit(size: Int) throws {
        let plan = try PartPlan(size: size, maxPartSize: 5 * Self.mebibyte)
        #expect(plan.count <= 10_000)
        #expect(plan.partSize <= 5 << 30)
        #expect(plan.partSize % Self.mebibyte == 0)
        #expect(plan.range(ofPart: plan.count).upperBound == size)
        #expect((plan.partSize > 5 * Self.mebibyte) == (size > 50_000 << 20))
    }

    @Test("are never smaller nor larger than S3 takes", arguments: [(1, 5 << 20), (Int.max, 5 << 30)])
    func sizes(wished: Int, partSize: Int) throws {
        let plan = try PartPlan(size: 1 << 40, maxPartSize: wished)
        #expect(plan.partSize == max(partSize, 105 << 20))
    }

    @Test("are none of a file that is too large or has less than nothing", arguments: [-1, Int.min, 5 << 40 + 1, Int.max])
    func refused(size: Int) {
        let error = #expect(throws: APIError.self) { try PartPlan(size: size, maxPartSize: 5 * Self.mebibyte) }
        #expect(error?.status == .badRequest)
        #expect(error?.message.contains("fileSize") == true)
        #expect(error?.message.contains(size < 0 ? "0 bytes" : "5 TiB") == true)
    }
}
