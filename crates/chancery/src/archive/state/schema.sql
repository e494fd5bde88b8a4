-- Derived: made again from captures and records whenever it is missing or damaged.
CREATE TABLE file (                 -- how far each file is taken in
    folder TEXT NOT NULL,
    name   TEXT NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (folder, name)
) WITHOUT ROWID;

CREATE TABLE capture (              -- one version of a release
    id      INTEGER PRIMARY KEY,    -- in the order in which captures were written
    release TEXT NOT NULL,
    version INTEGER NOT NULL,       -- from 1
    digest  TEXT NOT NULL,          -- of the bytes
    meta    TEXT NOT NULL,          -- digest of what the input said
    media   TEXT NOT NULL,
    source  TEXT,                   -- as the input said
    file    TEXT NOT NULL,
    offset  INTEGER NOT NULL,
    current INTEGER NOT NULL DEFAULT 0,
    captured TEXT,                  -- RFC 3339 in UTC, where the input says it
    note_file   TEXT,               -- where a page is noted that lies in a file of somebody else
    note_offset INTEGER,
    failed  TEXT,                   -- why there is no record of it
    UNIQUE (release, version),
    UNIQUE (file, offset)
);

CREATE TABLE record (
    capture       INTEGER PRIMARY KEY REFERENCES capture (id),
    seq           INTEGER NOT NULL UNIQUE,
    segment       TEXT NOT NULL,
    frame         INTEGER NOT NULL,
    line          INTEGER NOT NULL,
    alias         TEXT,
    url           TEXT,             -- canonical
    source        TEXT,
    language      TEXT,
    published     TEXT,
    headline      TEXT,
    rules         TEXT,             -- digest of the rules that made it
    text_bytes    INTEGER NOT NULL,
    officials     INTEGER NOT NULL,
    persons       INTEGER NOT NULL,
    organizations INTEGER NOT NULL,
    proposals     INTEGER NOT NULL,
    statements    INTEGER NOT NULL
);
CREATE INDEX record_alias ON record (alias);
CREATE INDEX record_url ON record (url);

CREATE TABLE run (
    id        INTEGER PRIMARY KEY,
    started   TEXT NOT NULL,        -- RFC 3339 in UTC
    finished  TEXT,                 -- NULL while it runs, and where it was cut off
    added     INTEGER NOT NULL DEFAULT 0,
    versions  INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    skipped   INTEGER NOT NULL DEFAULT 0
);
