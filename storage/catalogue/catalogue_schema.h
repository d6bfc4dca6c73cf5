// SPDX-License-Identifier: Apache-2.0
// The tables of an online host's catalogue, step by step. A step is never
// edited once released: add another.

#ifndef COMMONWAGE_STORAGE_CATALOGUE_CATALOGUE_SCHEMA_H_
#define COMMONWAGE_STORAGE_CATALOGUE_CATALOGUE_SCHEMA_H_

#include <array>

#include "absl/strings/string_view.h"

namespace commonwage::storage {

inline constexpr std::array<absl::string_view, 6> kCatalogueSchema = {
    R"sql(
CREATE TABLE survey (
  survey      TEXT PRIMARY KEY NOT NULL,  -- identifier, public
  signing_key BLOB NOT NULL               -- Ed25519 public key, 32 bytes; pinned at first sight, immutable
) STRICT, WITHOUT ROWID;

CREATE TABLE round (
  round_id            TEXT PRIMARY KEY NOT NULL,  -- "<survey>.<round>", public
  survey              TEXT NOT NULL REFERENCES survey (survey),
  manifest            BLOB NOT NULL,              -- exact bytes as signed; immutable
  manifest_signatures BLOB NOT NULL,              -- key (32 bytes) and signature (64 bytes), repeated; immutable
  manifest_hash       BLOB NOT NULL UNIQUE,       -- 32 bytes; immutable
  opens_at            INTEGER NOT NULL,           -- microseconds since 1970 UTC, from the manifest
  closes_at           INTEGER NOT NULL,           -- microseconds since 1970 UTC, from the manifest
  state               INTEGER NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 5),  -- RoundState; only grows
  closed_early        INTEGER NOT NULL DEFAULT 0 CHECK (closed_early IN (0, 1)), -- 1: by command, before closes_at
  inbox_root          BLOB                        -- root over the inbox at its close, 32 bytes; NULL until then
) STRICT;

CREATE TABLE release (
  round_id   TEXT PRIMARY KEY NOT NULL REFERENCES round (round_id),  -- one release per round
  release    BLOB NOT NULL,               -- exact bytes as signed; immutable
  signatures BLOB NOT NULL                -- as round.manifest_signatures; immutable
) STRICT;

CREATE TRIGGER round_only_moves_forward BEFORE UPDATE OF state ON round
WHEN new.state < old.state
BEGIN SELECT RAISE (ABORT, 'a round only moves forward'); END;

CREATE TRIGGER manifest_is_immutable BEFORE UPDATE OF round_id, survey, manifest, manifest_signatures, manifest_hash, opens_at, closes_at ON round
BEGIN SELECT RAISE (ABORT, 'a manifest is immutable'); END;

CREATE TRIGGER release_is_immutable BEFORE UPDATE ON release
BEGIN SELECT RAISE (ABORT, 'a release is immutable'); END;

CREATE TRIGGER release_stays BEFORE DELETE ON release
BEGIN SELECT RAISE (ABORT, 'a release stays'); END;
)sql",
    R"sql(
ALTER TABLE round ADD COLUMN
  inbox_commits       INTEGER NOT NULL DEFAULT 0;  -- of the inbox, as last noted; only grows
)sql",
    R"sql(
ALTER TABLE round ADD COLUMN
  closed_early_at     INTEGER;  -- seconds since 1970 UTC; NULL unless closed_early
)sql",
    R"sql(
ALTER TABLE round ADD COLUMN
  set_aside           INTEGER NOT NULL DEFAULT 0;  -- 1: takes nothing until the operator takes that back

CREATE TABLE noted_time (
  one      INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
  noted_at INTEGER NOT NULL  -- seconds since 1970 UTC, as the server last believed it
) STRICT;
)sql",
    // Beside the state, which goes on as if it had never been: a release beats
    // it.
    R"sql(
CREATE TABLE cancellation (
  round_id     TEXT PRIMARY KEY NOT NULL REFERENCES round (round_id),
  cancellation BLOB NOT NULL,             -- exact bytes as signed; immutable
  signatures   BLOB NOT NULL,             -- as round.manifest_signatures; immutable
  erased       INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1))  -- 1: inbox and key are gone
) STRICT;

CREATE TRIGGER release_beats_cancellation BEFORE INSERT ON cancellation
WHEN EXISTS (SELECT 1 FROM release WHERE release.round_id = new.round_id)
BEGIN SELECT RAISE (ABORT, 'a round with a release is not called off'); END;

CREATE TRIGGER cancellation_is_immutable BEFORE UPDATE OF round_id, cancellation, signatures ON cancellation
BEGIN SELECT RAISE (ABORT, 'a cancellation is immutable'); END;

CREATE TRIGGER cancellation_stays BEFORE DELETE ON cancellation
BEGIN SELECT RAISE (ABORT, 'a cancellation stays'); END;
)sql",
    R"sql(
ALTER TABLE round ADD COLUMN
  exported_digest     BLOB;  -- of the sealed inbox, 32 bytes; NULL until it is exported, then immutable

CREATE TRIGGER export_is_immutable BEFORE UPDATE OF exported_digest ON round
WHEN old.exported_digest IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'an export is immutable'); END;
)sql"};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_CATALOGUE_CATALOGUE_SCHEMA_H_
