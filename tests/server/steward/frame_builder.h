// SPDX-License-Identifier: Apache-2.0
// Real frames and sealed inboxes, made without a client: as a worker's device
// makes them, and as a hostile one does.

#ifndef COMMONWAGE_TESTS_SERVER_STEWARD_FRAME_BUILDER_H_
#define COMMONWAGE_TESTS_SERVER_STEWARD_FRAME_BUILDER_H_

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/random_source.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "crypto/spoken_digest.h"
#include "server/command/inbox_digest.h"
#include "survey/answer.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "survey/labels.h"
#include "survey/manifest.h"

namespace commonwage::testing {

// One submission in the making. Change what a test needs changed, then Build.
struct FrameDraft {
  FrameHeader header;
  crypto::SigningKey key;
  std::string plaintext;  // kAnswerSize bytes.

  // Seals to `manifest`'s round under the header's hash, and signs.
  [[nodiscard]] std::string Build(const Manifest& manifest,
                                  RandomSource& random) const {
    const std::string head = WriteFrameHead(header);
    const auto sealed =
        crypto::Seal(*crypto::SealingKey::From(manifest.round_public_key),
                     absl::StrCat(kSealLabel, header.manifest_hash.view()),
                     head, plaintext, random);
    COMMONWAGE_CHECK(sealed.ok());
    std::string frame = absl::StrCat(head, sealed->enc, sealed->ciphertext);
    const crypto::Signature signature = key.Sign(kFrameSignatureLabel, frame);
    return absl::StrCat(frame, signature.view());
  }
};

// Returns the draft of an honest submission by a new pseudonym.
inline FrameDraft DraftOf(const Answer& answer, const Manifest& manifest,
                          const ManifestHash& hash, RandomSource& random) {
  crypto::SigningKey key = crypto::SigningKey::Generate(random);
  FrameDraft draft{
      .header = {}, .key = std::move(key), .plaintext = EncodeAnswer(answer)};
  draft.header.manifest_hash = hash;
  draft.header.pseudonym = *Pseudonym::From(draft.key.verify_key().view());
  draft.header.round_key_id = *RoundKeyId::From(
      crypto::Sha256(kRoundKeyIdLabel, manifest.round_public_key)
          .view()
          .substr(0, RoundKeyId::kSize));
  return draft;
}

// Returns the pseudonym's bytes of a frame.
inline std::string PseudonymIn(const std::string& frame) {
  return std::string(FrameView::Parse(frame)->header().pseudonym.view());
}

// The operator of rounds that have no server.
inline crypto::SigningKey TestOperatorKey() {
  return crypto::SigningKey::FromSeed(
      *crypto::Secret<32>::From(std::string(32, '\x2f')));
}

// Returns the sealed inbox file of `frames`, in any order, as the operator with
// that key exports it.
inline std::string SealedInbox(
    const ManifestHash& hash, std::vector<std::string> frames,
    std::optional<absl::Time> closed_early_at = std::nullopt,
    const crypto::SigningKey& operator_key = TestOperatorKey()) {
  std::sort(frames.begin(), frames.end(),
            [](const std::string& a, const std::string& b) {
              return PseudonymIn(a) < PseudonymIn(b);
            });
  std::string file;
  server::Sha256InboxDigest digest;
  InboxWriter writer(
      [&file](absl::string_view bytes) {
        absl::StrAppend(&file, bytes);
        return absl::OkStatus();
      },
      digest,
      [&operator_key](absl::string_view message) {
        return std::string(
            operator_key.Sign(kInboxSignatureLabel, message).view());
      });
  COMMONWAGE_CHECK(writer
                       .Start({.manifest_hash = hash,
                               .closed_early_at = closed_early_at,
                               .frame_count = frames.size()})
                       .ok());
  for (const std::string& frame : frames) {
    COMMONWAGE_CHECK(writer.Append(frame).ok());
  }
  COMMONWAGE_CHECK(writer.Finish().ok());
  return file;
}

// Returns what inbox export says of the digest of `file`.
inline std::string WordsOfInbox(absl::string_view file) {
  if (file.size() < kInboxTrailerSize) {
    return crypto::SpokenDigest(crypto::Digest());
  }
  return crypto::SpokenDigest(*crypto::Digest::From(
      file.substr(file.size() - kInboxTrailerSize, kInboxDigestSize)));
}

// Returns a source that gives the bytes of `file`.
inline InboxSource SourceOf(std::string file) {
  return [file = std::move(file), at = size_t{0}](
             absl::Span<char> out) mutable -> absl::StatusOr<size_t> {
    const size_t got = std::min(out.size(), file.size() - at);
    std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(at), got,
                out.begin());
    at += got;
    return got;
  };
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SERVER_STEWARD_FRAME_BUILDER_H_
