-- steps: 2
-- encoding: UTF-8
PRAGMA kdf_iter = 256000;
PRAGMA cipher_page_size = 8192;
PRAGMA cipher_use_hmac = 1;
PRAGMA cipher_plaintext_header_size = 0;
PRAGMA cipher_hmac_algorithm = HMAC_SHA512;
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;
CREATE TABLE inbox (
  one         INTEGER PRIMARY KEY CHECK (one = 1),  -- there is one row
  closed      INTEGER NOT NULL CHECK (closed IN (0, 1)),  -- 1: takes no more, for good
  newest_rows INTEGER NOT NULL,  -- rows in newest
  root        BLOB NOT NULL      -- sum of keyed digests of the rows of the other tables, 32 bytes
, commits     INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE newest (
  prefix       INTEGER NOT NULL, -- the first 8 bytes of the pseudonym, as a number of the same order
  pseudonym    BLOB NOT NULL,    -- Ed25519 public key, 32 bytes: a worker's only name in the round
  sequence     INTEGER NOT NULL, -- of the latest frame: 0, or grown by amending
  frame_digest BLOB NOT NULL,    -- SHA-256(label || frame), 32 bytes
  frame        BLOB NOT NULL     -- the latest frame, 1,024 bytes (the answer in it encrypted to the round key)
) STRICT;
CREATE TABLE settled (           -- as newest; in random order
  prefix       INTEGER NOT NULL,
  pseudonym    BLOB NOT NULL,
  sequence     INTEGER NOT NULL,
  frame_digest BLOB NOT NULL,
  frame        BLOB NOT NULL
) STRICT;
CREATE TABLE withdrawn (         -- until the round closes
  pseudonym    BLOB PRIMARY KEY NOT NULL,  -- as in newest
  sequence     INTEGER NOT NULL, -- of the withdrawal
  frame_digest BLOB NOT NULL     -- of the withdrawal; the frame itself is not kept
) STRICT, WITHOUT ROWID;
CREATE INDEX newest_by_prefix ON newest (prefix);
CREATE INDEX settled_by_prefix ON settled (prefix);
