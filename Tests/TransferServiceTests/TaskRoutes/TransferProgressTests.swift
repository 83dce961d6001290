import Testing

@testable import TransferService

@Suite("How far a job says it is")
struct TransferProgressTests {
    @Test("the last whole line counts", arguments: [
        ("Downloaded 1 of 9 bytes\nDownloaded 5 of 9 bytes\n", 5), ("Uploaded 9 of 9 bytes\nFile was successfully uploaded.\n", 9),
        ("oaded 1 of 9 bytes\nUploaded 3 of 9 bytes\nUploaded 7 of 9 by", 3), ("Downloaded 0 of 9 bytes\n", 0),
    ])
    func lines(log: String, transferred: Int) {
        #expect(TransferProgress(endOf: log) == TransferProgress(transferredBytes: transferred, totalBytes: 9))
    }

    @Test("what is no such line says nothing", arguments: [
        "", "\n", "Downloaded 1 of 9 bytes", "Downloaded -1 of 9 bytes\n", "Downloaded 10 of 9 bytes\n", "Downloaded x of 9 bytes\n",
        "Downloaded 1 of 99999999999999999999 bytes\n", "Downloaded 1 of 9 bytes more\n", "Copied 1 of 9 bytes\n",
    ])
    func others(log: String) {
        #expect(TransferProgress(endOf: log) == nil)
    }
}
