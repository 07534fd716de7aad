"""The tables that hold the log; entity tables are a projection of it and come from the domain's SQLModel classes."""

# Raised when an older Launchbook could not read the file any more; a newer minor one adds tables and stays readable.
MAJOR = 1
MINOR = 0
# Raised with every new entity or field. A file with another number is read all the same: its rows are made anew from
# the log, and what this version does not know stays in the log until a newer one reads it.
SCHEMA_REV = 4

# Numbered steps, applied in order, never changed once released.
STEPS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;

    -- One row a log. `digest` is the replica digest (SYNC 2.7), 32 bytes big-endian.
    CREATE TABLE log (
        id BLOB PRIMARY KEY, kind INTEGER NOT NULL, sequencer BLOB NOT NULL, epoch INTEGER NOT NULL DEFAULT 1,
        digest BLOB NOT NULL
    ) WITHOUT ROWID;

    -- Commits in the order this device took them in; `rev` is the local revision, `hlc` is clamped to `received`.
    CREATE TABLE entry (
        rev INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, log BLOB NOT NULL, device BLOB NOT NULL,
        dev_seq INTEGER NOT NULL, action BLOB NOT NULL, person BLOB, hlc INTEGER NOT NULL, wall INTEGER NOT NULL,
        verb INTEGER NOT NULL, received INTEGER NOT NULL, accepted INTEGER NOT NULL, body BLOB NOT NULL,
        signature BLOB NOT NULL, UNIQUE (log, device, dev_seq)
    );
    CREATE INDEX entry_action ON entry (action);
    CREATE INDEX entry_refused ON entry (log, device, dev_seq) WHERE accepted = 0;

    -- Erasable values beside the log (SYNC 2.13), by salted hash.
    CREATE TABLE detached (hash BLOB PRIMARY KEY, salt BLOB NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;

    -- What redactions have erased here for good, and which of them were carried out.
    CREATE TABLE erased (hash BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE redacted (statement BLOB PRIMARY KEY) WITHOUT ROWID;

    -- Registers. A created object's op is the head of each field until something else is written there: `head` rows
    -- exist only for registers that were written after creation. Heads that went stay, with the revision they went at.
    CREATE TABLE creation (
        object BLOB NOT NULL, op BLOB NOT NULL, entity INTEGER NOT NULL, rev INTEGER NOT NULL, hlc INTEGER NOT NULL,
        initial BLOB NOT NULL, PRIMARY KEY (object, op)
    ) WITHOUT ROWID;
    CREATE TABLE head (
        object BLOB NOT NULL, field INTEGER NOT NULL, language TEXT NOT NULL, op BLOB NOT NULL, value BLOB NOT NULL,
        hlc INTEGER NOT NULL, came INTEGER NOT NULL, gone INTEGER, PRIMARY KEY (object, field, language, op)
    ) WITHOUT ROWID;
    CREATE TABLE conflict (
        object BLOB NOT NULL, field INTEGER NOT NULL, language TEXT NOT NULL, entity INTEGER NOT NULL,
        log BLOB NOT NULL, PRIMARY KEY (object, field, language)
    ) WITHOUT ROWID;
    CREATE INDEX conflict_log ON conflict (log);

    -- Objects (or logs, where it says nothing of an object known here) of which a later version wrote more than is known
    -- here; since which entry.
    CREATE TABLE newer (object BLOB NOT NULL, log BLOB NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (object)) WITHOUT ROWID;
    CREATE INDEX newer_log ON newer (log);

    -- Public person keys and who vouched for them. `counts`: the issuer's signature verified here.
    CREATE TABLE certificate (
        key BLOB NOT NULL, issuer BLOB NOT NULL, person BLOB NOT NULL, device BLOB NOT NULL, public BLOB NOT NULL,
        level INTEGER NOT NULL, issued INTEGER NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL,
        op BLOB NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (key, issuer, device)
    ) WITHOUT ROWID;
    CREATE INDEX certificate_person ON certificate (person);

    -- Statements: append-only, merged by being kept. `counts` says that signature and certificate verified here.
    CREATE TABLE statement (
        hash BLOB PRIMARY KEY, op BLOB NOT NULL, log BLOB NOT NULL, rev INTEGER NOT NULL, kind INTEGER NOT NULL,
        run BLOB, subject BLOB NOT NULL, person BLOB NOT NULL, role TEXT NOT NULL, meaning TEXT NOT NULL,
        body BLOB NOT NULL, signature BLOB NOT NULL, counts INTEGER NOT NULL, level INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX statement_subject ON statement (subject);
    CREATE INDEX statement_log ON statement (log, kind);

    -- The sequencer's order and its Merkle tree (SYNC 2.14). `completed`: roots of the subtrees that end with the leaf.
    CREATE TABLE leaf (
        log BLOB NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL,
        received INTEGER NOT NULL, accepted INTEGER NOT NULL, reason INTEGER NOT NULL,
        completed BLOB NOT NULL, PRIMARY KEY (log, epoch, number)
    ) WITHOUT ROWID;
    CREATE INDEX leaf_hash ON leaf (hash);
    CREATE TABLE tree (
        log BLOB NOT NULL, epoch INTEGER NOT NULL, size INTEGER NOT NULL, frontier BLOB NOT NULL,
        checkpoint TEXT NOT NULL, PRIMARY KEY (log, epoch)
    ) WITHOUT ROWID;

    -- Who gives a log its order, by epoch, and at which size and root the epoch before ended (SYNC 2.14).
    CREATE TABLE epoch (
        log BLOB NOT NULL, epoch INTEGER NOT NULL, sequencer BLOB NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
        PRIMARY KEY (log, epoch)
    ) WITHOUT ROWID;

    -- What others saw of a tree and that is not so here: not yet, or because they were shown another history. `root` is
    -- empty where only the size was named; `note` holds a checkpoint that was signed over it, `commit_hash` who named it.
    CREATE TABLE seen (
        log BLOB NOT NULL, epoch INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, commit_hash BLOB NOT NULL,
        note TEXT NOT NULL DEFAULT '', PRIMARY KEY (log, epoch, size, root)
    ) WITHOUT ROWID;

    -- The decision that stands about a commit: leaves beyond the end of their epoch decide nothing, the first one does.
    CREATE VIEW standing_leaf AS
        SELECT l.* FROM leaf l LEFT JOIN epoch n ON n.log = l.log AND n.epoch = l.epoch + 1
        WHERE (n.size IS NULL OR l.number < n.size) AND NOT EXISTS (
            SELECT 1 FROM leaf o LEFT JOIN epoch m ON m.log = o.log AND m.epoch = o.epoch + 1
            WHERE o.hash = l.hash AND o.log = l.log AND o.epoch < l.epoch AND (m.size IS NULL OR o.number < m.size));

    -- What the user did: one undo step, one line of the audit log.
    CREATE TABLE action (
        id BLOB PRIMARY KEY, rev INTEGER NOT NULL, person BLOB, device BLOB NOT NULL, verb INTEGER NOT NULL,
        kind INTEGER NOT NULL, target BLOB
    ) WITHOUT ROWID;
    CREATE INDEX action_rev ON action (rev);
    """,
)
