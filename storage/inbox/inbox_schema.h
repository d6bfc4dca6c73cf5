// SPDX-License-Identifier: Apache-2.0
// The tables of a round's inbox, step by step. A step is never edited once
// released: add another.

#ifndef COMMONWAGE_STORAGE_INBOX_INBOX_SCHEMA_H_
#define COMMONWAGE_STORAGE_INBOX_INBOX_SCHEMA_H_

#include <array>

#include "absl/strings/string_view.h"

namespace commonwage::storage {

inline constexpr std::array<absl::string_view, 2> kInboxSchema = {R"sql(
CREATE TABLE inbox (
  one         INTEGER PRIMARY KEY CHECK (one = 1),  -- there is one row
  closed      INTEGER NOT NULL CHECK (closed IN (0, 1)),  -- 1: takes no more, for good
  newest_rows INTEGER NOT NULL,  -- rows in newest
  root        BLOB NOT NULL      -- sum of keyed digests of the rows of the other tables, 32 bytes
) STRICT;
INSERT INTO inbox VALUES (1, 0, 0, zeroblob(32));

CREATE TABLE newest (
  prefix       INTEGER NOT NULL, -- the first 8 bytes of the pseudonym, as a number of the same order
  pseudonym    BLOB NOT NULL,    -- Ed25519 public key, 32 bytes: a worker's only name in the round
  sequence     INTEGER NOT NULL, -- of the latest frame: 0, or grown by amending
  frame_digest BLOB NOT NULL,    -- SHA-256(label || frame), 32 bytes
  frame        BLOB NOT NULL     -- the latest frame, 1,024 bytes (the answer in it encrypted to the round key)
) STRICT;
CREATE INDEX newest_by_prefix ON newest (prefix);

CREATE TABLE settled (           -- as newest; in random order
  prefix       INTEGER NOT NULL,
  pseudonym    BLOB NOT NULL,
  sequence     INTEGER NOT NULL,
  frame_digest BLOB NOT NULL,
  frame        BLOB NOT NULL
) STRICT;
CREATE INDEX settled_by_prefix ON settled (prefix);

CREATE TABLE withdrawn (         -- until the round closes
  pseudonym    BLOB PRIMARY KEY NOT NULL,  -- as in newest
  sequence     INTEGER NOT NULL, -- of the withdrawal
  frame_digest BLOB NOT NULL     -- of the withdrawal; the frame itself is not kept
) STRICT, WITHOUT ROWID;
)sql",
                                                                  R"sql(
ALTER TABLE inbox ADD COLUMN
  commits     INTEGER NOT NULL DEFAULT 0;  -- batches that changed something; only grows
)sql"};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_INBOX_INBOX_SCHEMA_H_
