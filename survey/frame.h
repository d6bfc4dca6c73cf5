// SPDX-License-Identifier: Apache-2.0
// The submission frame: kFrameSize bytes for submit, amend and withdraw alike,
// so that their size tells nothing apart. Layout: docs/FORMATS.md, "Frame".

#ifndef COMMONWAGE_SURVEY_FRAME_H_
#define COMMONWAGE_SURVEY_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/fixed_bytes.h"
#include "survey/manifest.h"

namespace commonwage {

inline constexpr size_t kCredentialSize = 256;
inline constexpr size_t kFrameHeadSize = 344;        // What HPKE authenticates.
inline constexpr size_t kFrameEncSize = 32;          // HPKE's encapsulated key.
inline constexpr size_t kFrameCiphertextSize = 584;  // An answer and its tag.
inline constexpr size_t kFrameSignedSize = 960;      // All but the signature.
inline constexpr size_t kFrameSignatureSize = 64;
inline constexpr size_t kFrameSize = 1024;

// A worker's public key in one round, and their only name in it.
using Pseudonym = FixedBytes<32, struct PseudonymTag>;

// The first 8 bytes of SHA-256(kRoundKeyIdLabel || round public key).
using RoundKeyId = FixedBytes<8, struct RoundKeyIdTag>;

// The values are on the wire: do not change them.
enum class Operation : uint8_t { kSubmit = 1, kAmend = 2, kWithdraw = 3 };

// What a frame says in the clear.
struct FrameHeader {
  Operation operation = Operation::kSubmit;
  uint64_t sequence = 0;  // 0 to submit; > 0 and increasing otherwise.
  ManifestHash manifest_hash;
  Pseudonym pseudonym;
  RoundKeyId round_key_id;
  std::string credential;  // kCredentialSize bytes; zeros if admission is open.

  friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

// Returns the kFrameHeadSize bytes of `header`. An empty credential is written
// as zeros; aborts on any other length than kCredentialSize.
std::string WriteFrameHead(const FrameHeader& header);

// A frame's parts. Points into the frame's bytes, which must outlive it.
class FrameView {
 public:
  // Checks the form: size, magic, version, operation, zeros, and that the
  // sequence suits the operation (0 to submit, 1 to 2^63 - 1 otherwise). The
  // signature and everything else is the caller's to check.
  //
  // Fails with INVALID_ARGUMENT, reason FRAME_VERSION if it is a frame of
  // another version, else FRAME_MALFORMED.
  static absl::StatusOr<FrameView> Parse(absl::string_view frame);

  [[nodiscard]] const FrameHeader& header() const { return header_; }
  // Header and credential: what HPKE authenticates besides the answer.
  [[nodiscard]] absl::string_view aad() const {
    return frame_.substr(0, kFrameHeadSize);
  }
  [[nodiscard]] absl::string_view enc() const {
    return frame_.substr(kFrameHeadSize, kFrameEncSize);
  }
  [[nodiscard]] absl::string_view ciphertext() const {
    return frame_.substr(kFrameHeadSize + kFrameEncSize, kFrameCiphertextSize);
  }
  // What the signature covers, after its label.
  [[nodiscard]] absl::string_view signed_bytes() const {
    return frame_.substr(0, kFrameSignedSize);
  }
  [[nodiscard]] absl::string_view signature() const {
    return frame_.substr(kFrameSignedSize, kFrameSignatureSize);
  }

 private:
  FrameView() = default;

  absl::string_view frame_;
  FrameHeader header_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_FRAME_H_
