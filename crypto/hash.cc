// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"

#include <sodium.h>

#include "crypto/internal/octets.h"

namespace commonwage::crypto {

struct Sha256Stream::State {
  crypto_hash_sha256_state sodium;
};

Digest Sha256(absl::string_view label, absl::string_view bytes) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, Octets(label), label.size());
  crypto_hash_sha256_update(&state, Octets(bytes), bytes.size());
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

Sha256Stream::Sha256Stream(absl::string_view label)
    : state_(std::make_unique<State>()) {
  crypto_hash_sha256_init(&state_->sodium);
  Update(label);
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Update(absl::string_view bytes) {
  crypto_hash_sha256_update(&state_->sodium, Octets(bytes), bytes.size());
}

Digest Sha256Stream::Finish() const {
  crypto_hash_sha256_state copy = state_->sodium;
  Digest digest;
  crypto_hash_sha256_final(&copy, digest.data());
  return digest;
}

}  // namespace commonwage::crypto
