@testable import AuthGateway
import GoldcrestProtocol
import HTTPTypes
import Hummingbird
import Logging
import PostgresTesting
import ReBAC
import Testing

@Suite("OpenFGA's errors")
struct OpenFGAErrorTests {
    private static let key = TupleKey(
        object: ObjectReference(type: "document", id: "1"), relation: "viewer", user: .object(ObjectReference(type: "user", id: "anne")))

    private struct Surprise: Error {}

    @Test(
        "are what every failure becomes",
        arguments: [
            (EvaluationFailure.invalidQuestion("no such type") as any Error, OpenFGAError.Code.validationError, 400),
            (EvaluationFailure.tooDeep, .authorizationModelResolutionTooComplex, 400),
            (EvaluationFailure.timedOut, .deadlineExceeded, 500),
            (EvaluationFailure.undecidedCondition(name: "c", reason: "x is missing"), .validationError, 400),
            (InvalidModel(problems: [ModelProblem("no", kind: .malformed)]), .validationError, 400),
            (InvalidModel(problems: [ModelProblem("no", kind: .invalid)]), .invalidAuthorizationModel, 400),
            (InvalidModel(problems: [ModelProblem("no", kind: .exceedsLimit)]), .exceededEntityLimit, 400),
            (InvalidReference(.user, .malformed), .validationError, 400),
            (RelationshipStoreError.storeNotFound(id: "S"), .storeIDNotFound, 404),
            (RelationshipStoreError.modelNotFound(id: "M"), .authorizationModelNotFound, 400),
            (RelationshipStoreError.noModel(storeID: "S"), .latestAuthorizationModelNotFound, 400),
            (RelationshipStoreError.unusableModel(id: "M", reason: "no"), .validationError, 400),
            (RelationshipStoreError.repeatedTuple(key), .cannotAllowDuplicateTuplesInOneRequest, 400),
            (RelationshipStoreError.tupleExists(key), .writeFailedDueToInvalidInput, 400),
            (RelationshipStoreError.tupleMissing(key), .writeFailedDueToInvalidInput, 400),
            (RelationshipStoreError.conditionDiffers(key), .aborted, 409),
            (RelationshipStoreError.newestModelChanged(to: "M"), .aborted, 409),
            (RelationshipStoreError.invalidContinuationToken, .invalidContinuationToken, 400),
            (RelationshipStoreError.continuesOtherType, .typeContinuationTokenMismatch, 400),
            (RelationshipStoreError.notLoaded(reason: "r"), .unavailable, 503),
            (RelationshipStoreError.stale(age: .seconds(1)), .unavailable, 503),
            (RelationshipStoreError.unavailable(reason: "r"), .unavailable, 503),
            (APIError(.contentTooLarge, "too large"), .resourceExhausted, 413),
            (APIError(.badRequest, "bad"), .validationError, 400),
            (HTTPError(.notFound), .undefinedEndpoint, 404),
            (CancellationError(), .cancelled, 400),
            (Surprise(), .internalError, 500),
        ])
    func mapping(error: any Error, code: OpenFGAError.Code, status: Int) {
        let told = OpenFGAError(telling: error, logger: TestDatabase.quiet)
        #expect(told.code == code)
        #expect(told.code.status.code == status)
        #expect(!told.message.isEmpty)
    }

    @Test("say nothing of what is inside when something unexpected happens")
    func discretion() {
        #expect(OpenFGAError(telling: Surprise(), logger: TestDatabase.quiet).message == "Internal Server Error")
        let unavailable = RelationshipStoreError.unavailable(reason: "password authentication failed at db.internal")
        #expect(!OpenFGAError(telling: unavailable, logger: TestDatabase.quiet).message.contains("db.internal"))
    }

    @Test("about writes have the messages that tools look for")
    func messages() {
        let exists = OpenFGAError(telling: RelationshipStoreError.tupleExists(Self.key), logger: TestDatabase.quiet)
        #expect(
            exists.message
                == "cannot write a tuple which already exists: user: 'user:anne', relation: 'viewer', object: 'document:1': "
                + "tuple to be written already existed or the tuple to be deleted did not exist")
        #expect(OpenFGAError.duplicate(Self.key).message == "duplicate tuple in write: user: 'user:anne', relation: 'viewer', object: 'document:1'")
        #expect(OpenFGAError.exceeded("write operations", limit: 100).message == "The number of write operations exceeds the allowed limit of 100")
    }

    @Test(
        "have codes of their own for a few broken rules",
        arguments: [
            ("PageSize", "value must be inside range [1, 100]", OpenFGAError.Code.pageSizeInvalid),
            ("TupleKey", "value is required", .tupleKeyValueNotSpecified),
            ("Type", "value does not match regex pattern", .typeInvalidPattern),
            ("Assertions", "value must contain no more than 100 item(s)", .assertionsTooManyItems),
            ("Relation", "value does not match regex pattern", .validationError),
        ])
    func rules(field: String, reason: String, code: OpenFGAError.Code) {
        #expect(OpenFGAError.invalid("Message", field, reason) == OpenFGAError(code, "invalid Message.\(field): \(reason)"))
    }
}
