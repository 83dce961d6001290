import GoldcrestPostgres

extension RelationshipStore {
    static let migrations = [
        Migration(
            id: 1, name: "stores, models, tuples, changes, assertions",
            sql: """
                CREATE TABLE rebac_stores (
                    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    id text COLLATE "C" NOT NULL UNIQUE,
                    name text NOT NULL,
                    -- Of the last change; a write counts it on while it holds this row's lock.
                    position bigint NOT NULL DEFAULT 0,
                    newest_model_id text COLLATE "C",
                    -- The gateway's own store, which is filled from files, and the digest of the last model that was.
                    is_own boolean NOT NULL DEFAULT false,
                    seeded_model_digest text,
                    created_at timestamptz NOT NULL DEFAULT now(),
                    updated_at timestamptz NOT NULL DEFAULT now(),
                    deleted_at timestamptz
                ) WITH (fillfactor = 50);
                CREATE UNIQUE INDEX rebac_stores_own ON rebac_stores (is_own) WHERE is_own AND deleted_at IS NULL;
                CREATE TABLE rebac_models (
                    store bigint NOT NULL REFERENCES rebac_stores (number),
                    id text COLLATE "C" NOT NULL,
                    model json NOT NULL,
                    created_at timestamptz NOT NULL DEFAULT now(),
                    PRIMARY KEY (store, id)
                );
                CREATE TABLE rebac_tuples (
                    store bigint NOT NULL REFERENCES rebac_stores (number),
                    object_type text COLLATE "C" NOT NULL,
                    object_id text COLLATE "C" NOT NULL,
                    relation text COLLATE "C" NOT NULL,
                    "user" text COLLATE "C" NOT NULL,
                    condition_name text COLLATE "C",
                    condition_context json,
                    -- Of the change that wrote it.
                    position bigint NOT NULL,
                    written_at timestamptz NOT NULL,
                    PRIMARY KEY (store, object_type, object_id, relation, "user"),
                    UNIQUE (store, position)
                );
                CREATE INDEX rebac_tuples_of_user ON rebac_tuples (store, "user", object_type);
                CREATE TABLE rebac_changes (
                    store bigint NOT NULL REFERENCES rebac_stores (number),
                    position bigint NOT NULL,
                    operation text NOT NULL CHECK (operation IN ('TUPLE_OPERATION_WRITE', 'TUPLE_OPERATION_DELETE')),
                    object_type text COLLATE "C" NOT NULL,
                    object_id text COLLATE "C" NOT NULL,
                    relation text COLLATE "C" NOT NULL,
                    "user" text COLLATE "C" NOT NULL,
                    condition_name text COLLATE "C",
                    condition_context json,
                    made_at timestamptz NOT NULL,
                    PRIMARY KEY (store, position)
                );
                CREATE INDEX rebac_changes_of_type ON rebac_changes (store, object_type, position);
                CREATE INDEX rebac_changes_since ON rebac_changes (store, made_at, position);
                CREATE TABLE rebac_assertions (
                    store bigint NOT NULL,
                    model_id text COLLATE "C" NOT NULL,
                    assertions json NOT NULL,
                    PRIMARY KEY (store, model_id),
                    FOREIGN KEY (store, model_id) REFERENCES rebac_models (store, id)
                );
                """)
    ]
}
