// SPDX-License-Identifier: Apache-2.0
// The manifest: everything that is fixed before a round opens, as exact bytes.
// Its hash is bound into every submission, so nothing in it can change later.

#ifndef COMMONWAGE_SURVEY_MANIFEST_H_
#define COMMONWAGE_SURVEY_MANIFEST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/fixed_bytes.h"
#include "survey/plan/plan.h"

namespace commonwage {

// SHA-256(kManifestHashLabel || manifest bytes).
using ManifestHash = FixedBytes<32, struct ManifestHashTag>;

// Who may submit: anybody, or who holds a credential of the issuer.
enum class Admission { kOpen, kCredential };

// Who may ask for statistics: anybody, or who holds a reader's key.
enum class Audience { kPublic, kKeyed };

inline constexpr size_t kRoundPublicKeySize = 32;
inline constexpr size_t kOperatorPublicKeySize = 32;
inline constexpr size_t kMaxIssuerPublicKeySize = 1024;
inline constexpr size_t kMaxManifestBytes = 2 * kMaxPlanBytes;

struct Manifest {
  Plan plan;
  std::vector<int64_t> taus;     // One per marginal, in plan order. > k.
  std::string round_public_key;  // X25519, kRoundPublicKeySize bytes.
  // Ed25519, kOperatorPublicKeySize bytes: signs receipts and sealed inboxes.
  std::string operator_public_key;
  Admission admission = Admission::kOpen;
  std::string issuer_public_key;  // DER SubjectPublicKeyInfo; empty if kOpen.
  Audience audience = Audience::kPublic;
  std::string code_version;  // An identifier.

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// Returns the one byte string of `manifest`: docs/FORMATS.md, "Manifest". Hash
// and sign these bytes, and pass them on as they are. Aborts unless there is a
// tau for each marginal.
std::string WriteManifest(const Manifest& manifest);

// Reads a manifest. Whether a steward signed it is the caller's to check, and
// before anything else.
//
// Fails with INVALID_ARGUMENT, reason MANIFEST_FAULTY, if anything is wrong
// (FaultsOf() lists it, as for plans), or if `bytes` is not letter for letter
// what WriteManifest writes: every reader, whatever its JSON library, must
// understand the same.
absl::StatusOr<Manifest> ParseManifest(absl::string_view bytes);

// Return the names that manifests use, such as "OPEN" and "PUBLIC".
absl::string_view NameOf(Admission admission);
absl::string_view NameOf(Audience audience);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_MANIFEST_H_
