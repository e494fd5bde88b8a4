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
    current INTEGER NOT NULL DEFAULT 0, -- whether it is searched
    latest  INTEGER NOT NULL DEFAULT 0, -- the same, also where its release is taken out
    captured TEXT,                  -- RFC 3339 in UTC, where the input says it
    note_file   TEXT,               -- where a page is noted that lies in a file of somebody else
    note_offset INTEGER,
    failed  TEXT,                   -- why there is no record of it
    UNIQUE (release, version),
    UNIQUE (file, offset)
);

CREATE TABLE removed (              -- releases that are taken out: a copy of decisions/removals.toml
    release TEXT PRIMARY KEY,
    at      TEXT NOT NULL,
    by      TEXT,
    reason  TEXT
) WITHOUT ROWID;

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
    skipped   INTEGER NOT NULL DEFAULT 0,
    reasons   TEXT NOT NULL DEFAULT '{}' -- how often each, as JSON
);

CREATE TABLE left_out (             -- pages that were read and are no releases; taken over when the rest is made again
    id     TEXT PRIMARY KEY,        -- what the release would be called
    reason TEXT NOT NULL
) WITHOUT ROWID;

-- What releases say of people and bodies, to be counted and browsed.
CREATE TABLE name (                 -- one spelling of the name of a person or body, or the words of a post
    id     INTEGER PRIMARY KEY,
    text   TEXT NOT NULL UNIQUE,
    sound  INTEGER NOT NULL,        -- the first name that sounds so, titles before it apart: what spellings of a person share
    wording INTEGER NOT NULL,       -- the first of the same words, every one counted: what spellings of a post or body share
    people INTEGER NOT NULL DEFAULT 0,  -- how often, in all versions of all releases
    bodies INTEGER NOT NULL DEFAULT 0,
    posts  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX name_often ON name (people + bodies + posts);
CREATE TABLE name_word (            -- the words of a name, folded: for what is typed, letter by letter
    word TEXT NOT NULL,
    name INTEGER NOT NULL REFERENCES name (id),
    PRIMARY KEY (word, name)
) WITHOUT ROWID;
CREATE TABLE sound (
    text TEXT PRIMARY KEY,          -- behind a `=` a wording
    name INTEGER NOT NULL           -- the first that sounds so
) WITHOUT ROWID;
CREATE TABLE name_key (             -- what a name is looked up by
    key  TEXT NOT NULL,
    name INTEGER NOT NULL REFERENCES name (id),
    PRIMARY KEY (key, name)
) WITHOUT ROWID;
CREATE TABLE word_key (             -- what each word of names is looked up by, and neighbours that may be one word
    key  TEXT NOT NULL,
    word TEXT NOT NULL,             -- folded; of neighbours both, a space between
    PRIMARY KEY (key, word)
) WITHOUT ROWID;

CREATE TABLE person (               -- one a release
    capture  INTEGER NOT NULL,
    local    TEXT NOT NULL,         -- p1
    name     INTEGER NOT NULL,
    country  TEXT,
    inferred INTEGER NOT NULL,      -- whether the country is the issuer's
    official INTEGER NOT NULL,
    said     INTEGER NOT NULL,      -- statements
    proposed INTEGER NOT NULL,
    PRIMARY KEY (capture, local)
) WITHOUT ROWID;
CREATE INDEX person_name ON person (name);

CREATE TABLE post (
    capture  INTEGER NOT NULL,
    person   TEXT NOT NULL,         -- local
    number   INTEGER NOT NULL,      -- in the order of the record
    title    INTEGER,               -- name
    body     INTEGER,               -- name
    role     TEXT,
    country  TEXT,
    inferred INTEGER NOT NULL,
    acting   INTEGER NOT NULL,
    former   INTEGER NOT NULL,
    PRIMARY KEY (capture, person, number)
) WITHOUT ROWID;

CREATE INDEX post_title ON post (title);

CREATE TABLE body (                 -- one a release
    capture  INTEGER NOT NULL,
    local    TEXT NOT NULL,         -- g1
    name     INTEGER NOT NULL,
    acronym  TEXT,
    kind     TEXT,
    country  TEXT,
    inferred INTEGER NOT NULL,
    said     INTEGER NOT NULL,
    PRIMARY KEY (capture, local)
) WITHOUT ROWID;
CREATE INDEX body_name ON body (name);
CREATE INDEX body_acronym ON body (acronym COLLATE NOCASE) WHERE acronym IS NOT NULL;

CREATE TABLE said (                 -- statements (s1) and proposals (q1)
    capture  INTEGER NOT NULL,
    local    TEXT NOT NULL,
    actor    TEXT,                  -- local, where it is a person or body of the release
    name     INTEGER,               -- of whoever says it
    act      TEXT NOT NULL,
    direct   INTEGER NOT NULL,
    text     TEXT,                  -- of a proposal
    sent     TEXT,                  -- to whom a proposal is put
    PRIMARY KEY (capture, local)
) WITHOUT ROWID;
CREATE INDEX said_name ON said (name);
