-- steps: 4
-- encoding: UTF-8
PRAGMA kdf_iter = 256000;
PRAGMA cipher_page_size = 8192;
PRAGMA cipher_use_hmac = 1;
PRAGMA cipher_plaintext_header_size = 0;
PRAGMA cipher_hmac_algorithm = HMAC_SHA512;
PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;
CREATE TABLE "granted"(
    round TEXT NOT NULL REFERENCES issuing_key(round),
    member INTEGER NOT NULL REFERENCES member(id),
    request_digest BLOB NOT NULL, -- Of the one blinded request; zeros: none.
    PRIMARY KEY(round, member)    -- One voice.
  ) WITHOUT ROWID;
CREATE TABLE issuing_key(
    round TEXT PRIMARY KEY,   -- "<survey>.<round>".
    public_key BLOB NOT NULL, -- DER; treat as immutable.
    private_key BLOB          -- Wrapped; NULL: destroyed, for good.
  , called_off INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE kept_code(
    member INTEGER PRIMARY KEY REFERENCES member(id),
    sealed BLOB NOT NULL -- The code, encrypted, until it was used; then zeros.
  );
CREATE TABLE member(
    id INTEGER PRIMARY KEY,         -- Our own; means nothing outside.
    reference TEXT NOT NULL UNIQUE, -- The union's own.
    code_digest BLOB UNIQUE,        -- Keyed hash of the code; NULL: none.
    removed INTEGER NOT NULL        -- 1: no member any more.
  );
