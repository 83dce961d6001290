import GoldcrestPostgres

extension TransferTaskStore {
    static let migrations = [
        Migration(
            id: 1, name: "transfer_tasks",
            sql: """
                CREATE TABLE transfer_tasks (
                    id uuid PRIMARY KEY,
                    system text NOT NULL CHECK (system <> ''),
                    username text NOT NULL CHECK (username <> ''),
                    operation text NOT NULL CHECK (operation IN ('mv', 'cp', 'rm', 'compress', 'extract', 'upload', 'download')),
                    source_path text,
                    target_path text,
                    account text,
                    state text NOT NULL
                        CHECK (state IN ('accepted', 'submitted', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
                    job_id text,
                    working_directory text NOT NULL,
                    output_log text NOT NULL,
                    error_log text NOT NULL,
                    error text,
                    idempotency_key text CHECK (idempotency_key <> ''),
                    created_at timestamptz NOT NULL DEFAULT now(),
                    updated_at timestamptz NOT NULL DEFAULT now(),
                    ended_at timestamptz,
                    lease_owner text,
                    lease_expires_at timestamptz,
                    UNIQUE (username, idempotency_key),
                    CONSTRAINT ended_exactly_in_end_states
                        CHECK ((ended_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled', 'expired'))),
                    CONSTRAINT job_known_once_submitted
                        CHECK (job_id IS NOT NULL OR state NOT IN ('submitted', 'queued', 'running', 'succeeded')),
                    CONSTRAINT lease_is_whole CHECK ((lease_owner IS NULL) = (lease_expires_at IS NULL))
                );
                CREATE INDEX transfer_tasks_open ON transfer_tasks (system, lease_expires_at NULLS FIRST, created_at) WHERE ended_at IS NULL;
                CREATE INDEX transfer_tasks_of_user ON transfer_tasks (username, system, created_at DESC);
                """),
        Migration(
            id: 2, name: "dereference",
            sql: "ALTER TABLE transfer_tasks ADD COLUMN dereference boolean NOT NULL DEFAULT false"),
        Migration(
            id: 3, name: "requests of every kind",
            sql: """
                ALTER TABLE transfer_tasks
                    ADD COLUMN request jsonb,
                    ADD COLUMN directives jsonb,
                    ADD COLUMN staged jsonb,
                    ADD COLUMN refusal jsonb,
                    ADD COLUMN attempts integer NOT NULL DEFAULT 1,
                    ADD COLUMN submission_ends_at timestamptz NOT NULL DEFAULT now() + interval '5 minutes',
                    ADD COLUMN submitted_at timestamptz,
                    ADD COLUMN started_at timestamptz,
                    ADD COLUMN clear_at timestamptz,
                    ADD COLUMN clear_attempts integer NOT NULL DEFAULT 0;
                UPDATE transfer_tasks SET request = jsonb_strip_nulls(jsonb_build_object(
                    'operation', operation, 'sourcePath', source_path, 'targetPath', target_path, 'account', account,
                    'dereference', CASE WHEN dereference THEN true END));
                ALTER TABLE transfer_tasks ALTER COLUMN request SET NOT NULL,
                    DROP COLUMN operation, DROP COLUMN source_path, DROP COLUMN target_path, DROP COLUMN account, DROP COLUMN dereference,
                    ADD CONSTRAINT only_ended_tasks_are_cleared CHECK (clear_at IS NULL OR ended_at IS NOT NULL);
                DROP INDEX transfer_tasks_open, transfer_tasks_of_user;
                -- No column of these changes while a task is followed, so that leases and states are updated in place.
                CREATE INDEX transfer_tasks_open ON transfer_tasks (system, created_at) WHERE ended_at IS NULL;
                CREATE INDEX transfer_tasks_of_user ON transfer_tasks (username, system, created_at DESC, id DESC);
                CREATE INDEX transfer_tasks_of_user_open ON transfer_tasks (username, system, created_at DESC, id DESC) WHERE ended_at IS NULL;
                CREATE INDEX transfer_tasks_of_user_ended ON transfer_tasks (username, system, state, created_at DESC, id DESC)
                    WHERE ended_at IS NOT NULL;
                CREATE INDEX transfer_tasks_to_clear ON transfer_tasks (system, clear_at) WHERE clear_at IS NOT NULL;
                CREATE INDEX transfer_tasks_ended ON transfer_tasks (ended_at) WHERE ended_at IS NOT NULL;
                """),
    ]
}
