// SPDX-License-Identifier: Apache-2.0
// The tables of a steward's vault, step by step. A step is never edited once
// released: add another.

#ifndef COMMONWAGE_STORAGE_VAULT_VAULT_SCHEMA_H_
#define COMMONWAGE_STORAGE_VAULT_VAULT_SCHEMA_H_

#include <array>

#include "absl/strings/string_view.h"

namespace commonwage::storage {

inline constexpr std::array<absl::string_view, 4> kVaultSchema = {
    R"sql(
CREATE TABLE survey (
  survey        TEXT PRIMARY KEY NOT NULL,  -- identifier, public
  signing_seed  BLOB,                       -- SECRET: Ed25519 seed of the survey key, 32 bytes; immutable once set
  cap_micro_rho INTEGER CHECK (cap_micro_rho >= 0)  -- most that all rounds may cost; NULL before the first; only falls
) STRICT, WITHOUT ROWID;

CREATE TABLE round (
  round_id            TEXT PRIMARY KEY NOT NULL,  -- "<survey>.<round>", public
  survey              TEXT NOT NULL REFERENCES survey (survey),
  manifest            BLOB NOT NULL,              -- exact bytes as signed; immutable
  manifest_signatures BLOB NOT NULL,              -- key (32 bytes) and signature (64 bytes), repeated; immutable
  manifest_hash       BLOB NOT NULL UNIQUE,       -- 32 bytes; immutable
  loss_micro_rho      INTEGER NOT NULL CHECK (loss_micro_rho >= 0)  -- what its release costs; immutable
) STRICT;

CREATE TABLE round_key (
  round_id    TEXT PRIMARY KEY NOT NULL REFERENCES round (round_id),
  opening_key BLOB NOT NULL               -- SECRET: X25519 private key, 32 bytes; deleted with the release's commit
) STRICT;

CREATE TABLE release (
  round_id   TEXT PRIMARY KEY NOT NULL REFERENCES round (round_id),  -- one draw per round, ever
  release    BLOB NOT NULL,               -- exact bytes as signed; immutable
  signatures BLOB NOT NULL                -- as round.manifest_signatures; immutable
) STRICT;

CREATE TABLE ledger (
  round_id  TEXT PRIMARY KEY NOT NULL REFERENCES release (round_id),  -- one entry per release
  survey    TEXT NOT NULL REFERENCES survey (survey),
  micro_rho INTEGER NOT NULL CHECK (micro_rho >= 0)  -- privacy spent; immutable
) STRICT;

CREATE TRIGGER cap_only_falls BEFORE UPDATE OF cap_micro_rho ON survey
WHEN new.cap_micro_rho IS NULL OR new.cap_micro_rho > old.cap_micro_rho
BEGIN SELECT RAISE (ABORT, 'a cap only falls'); END;

CREATE TRIGGER round_is_immutable BEFORE UPDATE ON round
BEGIN SELECT RAISE (ABORT, 'a round is immutable'); END;

CREATE TRIGGER round_stays BEFORE DELETE ON round
BEGIN SELECT RAISE (ABORT, 'a round stays'); END;

CREATE TRIGGER release_is_immutable BEFORE UPDATE ON release
BEGIN SELECT RAISE (ABORT, 'a release is immutable'); END;

CREATE TRIGGER release_stays BEFORE DELETE ON release
BEGIN SELECT RAISE (ABORT, 'a release stays'); END;

CREATE TRIGGER ledger_is_immutable BEFORE UPDATE ON ledger
BEGIN SELECT RAISE (ABORT, 'the ledger is immutable'); END;

CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
BEGIN SELECT RAISE (ABORT, 'the ledger stays'); END;
)sql",
    // A key that lay here in the clear is on the disk for good: a vault with
    // one is refused, by the length.
    R"sql(
ALTER TABLE round_key RENAME TO plain_key;

CREATE TABLE round_key (
  round_id    TEXT PRIMARY KEY NOT NULL REFERENCES round (round_id),
  opening_key BLOB NOT NULL CHECK (length (opening_key) = 92)  -- X25519 private key under an entry of shred.key; without the entry it is nothing
) STRICT;

INSERT INTO round_key SELECT * FROM plain_key;

DROP TABLE plain_key;
)sql",
    R"sql(
CREATE TABLE cancellation (
  round_id     TEXT PRIMARY KEY NOT NULL REFERENCES round (round_id),  -- a round ends in a release or in this
  cancellation BLOB NOT NULL,              -- exact bytes as signed; immutable
  signatures   BLOB NOT NULL               -- as round.manifest_signatures; immutable
) STRICT;

CREATE TRIGGER cancellation_is_immutable BEFORE UPDATE ON cancellation
BEGIN SELECT RAISE (ABORT, 'a cancellation is immutable'); END;

CREATE TRIGGER cancellation_stays BEFORE DELETE ON cancellation
BEGIN SELECT RAISE (ABORT, 'a cancellation stays'); END;

CREATE TRIGGER released_is_not_called_off BEFORE INSERT ON cancellation
WHEN EXISTS (SELECT 1 FROM release WHERE release.round_id = new.round_id)
BEGIN SELECT RAISE (ABORT, 'a round with a release is not called off'); END;

CREATE TRIGGER called_off_is_not_released BEFORE INSERT ON release
WHEN EXISTS (SELECT 1 FROM cancellation WHERE cancellation.round_id = new.round_id)
BEGIN SELECT RAISE (ABORT, 'a round that was called off is not released'); END;
)sql",
    R"sql(
ALTER TABLE release ADD COLUMN
  inbox_digest BLOB NOT NULL DEFAULT x'';  -- of the sealed inbox that was counted, 32 bytes; immutable
)sql"};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_VAULT_VAULT_SCHEMA_H_
