// SPDX-License-Identifier: Apache-2.0
// The tables of a union office's roll, step by step. A step is never edited
// once released: add another.

#ifndef COMMONWAGE_STORAGE_MEMBERS_MEMBER_ROLL_SCHEMA_H_
#define COMMONWAGE_STORAGE_MEMBERS_MEMBER_ROLL_SCHEMA_H_

#include <array>

#include "absl/strings/string_view.h"

namespace commonwage::storage {

inline constexpr std::array<absl::string_view, 4> kRollSchema = {
    R"sql(
  CREATE TABLE member(
    id INTEGER PRIMARY KEY,         -- Our own; means nothing outside.
    reference TEXT NOT NULL UNIQUE, -- The union's own.
    code_digest BLOB UNIQUE,        -- Keyed hash of the code; NULL: none.
    removed INTEGER NOT NULL        -- 1: no member any more.
  );
  CREATE TABLE issuing_key(
    round TEXT PRIMARY KEY,   -- "<survey>.<round>".
    public_key BLOB NOT NULL, -- DER; treat as immutable.
    private_key BLOB          -- Wrapped; NULL: destroyed, for good.
  ) WITHOUT ROWID;
  CREATE TABLE granted(
    round TEXT NOT NULL REFERENCES issuing_key(round),
    member INTEGER NOT NULL REFERENCES member(id),
    request_digest BLOB NOT NULL, -- Of the one blinded request.
    PRIMARY KEY(round, member)    -- One voice.
  ) WITHOUT ROWID;
)sql",
    // A row per member from the start, of one size, overwritten in place: the
    // place of a row that was added at its grant tells the order of grants.
    R"sql(
  CREATE TABLE placed(
    round TEXT NOT NULL REFERENCES issuing_key(round),
    member INTEGER NOT NULL REFERENCES member(id),
    request_digest BLOB NOT NULL, -- Of the one blinded request; zeros: none.
    PRIMARY KEY(round, member)    -- One voice.
  ) WITHOUT ROWID;
  INSERT INTO placed SELECT key.round, member.id,
    coalesce(granted.request_digest, zeroblob(32))
    FROM issuing_key AS key CROSS JOIN member LEFT JOIN granted
      ON granted.round = key.round AND granted.member = member.id
    WHERE key.private_key IS NOT NULL ORDER BY key.round, member.id;
  DROP TABLE granted;
  ALTER TABLE placed RENAME TO granted;
)sql",
    // A row per member, of one size, overwritten in place, for the same reason.
    R"sql(
  CREATE TABLE kept_code(
    member INTEGER PRIMARY KEY REFERENCES member(id),
    sealed BLOB NOT NULL -- The code, encrypted, until it was used; then zeros.
  );
  INSERT INTO kept_code SELECT id, zeroblob(54) FROM member ORDER BY id;
)sql",
    R"sql(
  ALTER TABLE issuing_key ADD COLUMN
    called_off INTEGER NOT NULL DEFAULT 0; -- 1: the round was; only grows.
)sql"};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_MEMBERS_MEMBER_ROLL_SCHEMA_H_
