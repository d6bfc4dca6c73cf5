// SPDX-License-Identifier: Apache-2.0
// From a sealed submission to the answer in it. This is the one place in all
// programs where a wage becomes readable: on the steward's machine, for as long
// as it takes to count it.

#ifndef COMMONWAGE_SERVER_STEWARD_ANSWER_OPENER_H_
#define COMMONWAGE_SERVER_STEWARD_ANSWER_OPENER_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/blind/blind_rsa.h"
#include "crypto/opening/opening_key.h"
#include "crypto/secret.h"
#include "survey/answer.h"
#include "survey/frame.h"
#include "survey/manifest.h"

namespace commonwage::server::steward {

// Opens the submissions of one round. Thread-safe once made.
class AnswerOpener {
 public:
  // `manifest` must outlive this object. `opening_key` is the round's.
  // Fails with INVALID_ARGUMENT (ISSUER_KEY_UNUSABLE) if the manifest's issuer
  // key cannot be used, FAILED_PRECONDITION (ROUND_KEY_DIFFERS) if the opening
  // key is not the manifest's.
  static absl::StatusOr<AnswerOpener> For(
      const Manifest& manifest, const ManifestHash& hash,
      const crypto::Secret<32>& opening_key);

  // Returns the answer in `frame`, or nullopt if it must not count: another
  // round's, not admitted, not sealed to this round under these rules, or
  // outside the public lists. Which of these is not told: nobody needs it.
  //
  // Under credentials the signature and the credential are checked again, so
  // that an operator cannot put answers of their own under members' names.
  // Under open admission they could add as many as they like anyway, and the
  // seal alone counts.
  //
  // Reveals: one wage, to the caller.
  [[nodiscard]] std::optional<Answer> Open(absl::string_view frame) const;

 private:
  AnswerOpener(const Manifest& manifest, const ManifestHash& hash,
               crypto::opening::OpeningKey opening_key);

  [[nodiscard]] bool IsAdmitted(const FrameView& frame) const;

  const Manifest* manifest_;
  ManifestHash hash_;
  RoundKeyId round_key_id_;
  std::string seal_info_;
  crypto::opening::OpeningKey opening_key_;
  std::optional<crypto::BlindRsaPublicKey> issuer_key_;  // Under credentials.
};

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_ANSWER_OPENER_H_
