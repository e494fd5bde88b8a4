-- Derived: made again from the WARC files whenever it is missing or damaged.
CREATE TABLE source (               -- one row a source that was ever crawled
    id       TEXT PRIMARY KEY,
    run      INTEGER NOT NULL,      -- from 1
    finished INTEGER NOT NULL       -- whether that run came to its end
) WITHOUT ROWID;

CREATE TABLE page (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE, -- what the spellings of one address have in common
    url       TEXT NOT NULL,
    host      TEXT NOT NULL,
    source    TEXT NOT NULL,
    role      INTEGER NOT NULL,
    depth     INTEGER NOT NULL,     -- links from a start page
    redirects INTEGER NOT NULL,     -- redirects one after the other that led here
    step      INTEGER NOT NULL,     -- which of the list pages it is, from 0
    empties   INTEGER NOT NULL,     -- list pages in a row before it that gave nothing new
    via       TEXT,                 -- the page that led here
    state     INTEGER NOT NULL,     -- 0 waits, 1 fetched, 2 left, 3 came and is judged later
    run       INTEGER NOT NULL,     -- of its source, in which it was last queued
    due       INTEGER NOT NULL,     -- not before this time, in seconds
    tries     INTEGER NOT NULL DEFAULT 0,
    reason    TEXT,                 -- why it was left, or what the last try met
    status    INTEGER,
    fetched   INTEGER,              -- when, in seconds
    etag      TEXT,
    modified  TEXT,
    digest    TEXT,                 -- of the entity body
    misses    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX page_queue ON page (host, role, id) WHERE state = 0;
CREATE INDEX page_waiting ON page (source, host) WHERE state = 0;

CREATE TABLE payload (              -- where each body was kept first
    digest TEXT PRIMARY KEY,        -- of the entity body
    record TEXT NOT NULL,
    uri    TEXT NOT NULL,
    date   TEXT NOT NULL,
    block  TEXT NOT NULL            -- the payload digest that the record names
) WITHOUT ROWID;

CREATE TABLE warc (                 -- how far each file is taken in
    file  TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL
) WITHOUT ROWID;
