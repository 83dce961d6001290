import GoldcrestPostgres
import PostgresTesting
import Testing

@Suite("Notifications")
struct NotificationTests {
    @Test("a listener hears what is said on its channel only, whatever the channel is called", .timeLimit(.minutes(1)))
    func channels() async throws {
        try await TestDatabase.withPool { pool async throws in
            let channel = #"It's "quoted"; DROP TABLE x"#
            var notifications = pool.notifications(on: channel).makeAsyncIterator()
            #expect(await notifications.next() == .reconnected)
            _ = try await pool.query("SELECT pg_notify('another', 'no')")
            _ = try await pool.query("SELECT pg_notify(\(channel), \("Zürich")), pg_notify(\(channel), '')")
            #expect(await notifications.next() == .received(payload: "Zürich"))
            #expect(await notifications.next() == .received(payload: ""))
        }
    }

    @Test("a listener whose connection is killed connects again and says that something may be missing", .timeLimit(.minutes(1)))
    func reconnect() async throws {
        try await TestDatabase.withPool { pool async throws in
            var notifications = pool.notifications(on: "doorbell").makeAsyncIterator()
            #expect(await notifications.next() == .reconnected)
            let killed = try await pool.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = \(#"LISTEN "doorbell""#) AND pid <> pg_backend_pid()")
            #expect(killed.count == 1)
            #expect(await notifications.next() == .reconnected)
            _ = try await pool.query("SELECT pg_notify('doorbell', 'ring')")
            #expect(await notifications.next() == .received(payload: "ring"))
        }
    }

    @Test("a reader that is too slow is told to read anew", .timeLimit(.minutes(1)))
    func overflow() async throws {
        try await TestDatabase.withPool { pool async throws in
            let stream = pool.notifications(on: "flood")
            var notifications = stream.makeAsyncIterator()
            #expect(await notifications.next() == .reconnected)
            _ = try await pool.query("SELECT pg_notify('flood', n::text) FROM generate_series(1, 2000) AS n")
            _ = try await pool.query("SELECT pg_notify('flood', 'last')")
            var isToldToReadAnew = false
            while let notification = await notifications.next(), notification != .received(payload: "last") {
                if notification == .reconnected { isToldToReadAnew = true }
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(isToldToReadAnew)
        }
    }

    @Test("a listener whose reader is cancelled leaves the server", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        try await TestDatabase.withPool { pool async throws in
            let task = Task {
                for await _ in pool.notifications(on: "quiet") {}
            }
            let count: SQL = "SELECT count(*) AS value FROM pg_stat_activity WHERE query = \(#"LISTEN "quiet""#)"
            try await eventually { try await pool.value(count) == 1 }
            task.cancel()
            try await eventually { try await pool.value(count) == 0 }
        }
    }
}
