// SPDX-License-Identifier: Apache-2.0
// The sealed inbox: the file in which the operator hands a closed round's
// submissions to the steward, signed by the key that the round's manifest names
// as the operator's. Frames are ordered by pseudonym, so the file says nothing
// about when each arrived. Layout: docs/FORMATS.md, "Sealed inbox".

#ifndef COMMONWAGE_SURVEY_INBOX_FILE_H_
#define COMMONWAGE_SURVEY_INBOX_FILE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "survey/frame.h"
#include "survey/manifest.h"

namespace commonwage {

inline constexpr size_t kInboxHeaderSize = 56;
inline constexpr size_t kInboxDigestSize = 32;
inline constexpr size_t kInboxSignatureSize = 64;
inline constexpr size_t kInboxTrailerSize =
    kInboxDigestSize + kInboxSignatureSize;

struct InboxHeader {
  ManifestHash manifest_hash;
  // When, of a round that was closed before its time, to the second; nullopt if
  // it was not. UnixEpoch: early, but when is not on record.
  std::optional<absl::Time> closed_early_at = std::nullopt;
  uint64_t frame_count = 0;

  [[nodiscard]] bool closed_early() const {
    return closed_early_at.has_value();
  }

  friend bool operator==(const InboxHeader&, const InboxHeader&) = default;
};

// This folder knows no cryptography: the caller brings these three.
//
// SHA-256 over kInboxDigestLabel || all bytes given so far.
class InboxDigest {
 public:
  InboxDigest() = default;
  InboxDigest(const InboxDigest&) = delete;
  InboxDigest& operator=(const InboxDigest&) = delete;
  virtual ~InboxDigest() = default;

  virtual void Update(absl::string_view bytes) = 0;
  // Returns kInboxDigestSize bytes. Called once, last.
  virtual std::string Finish() = 0;
};

// Returns the operator's signature, of kInboxSignatureSize bytes, over
// kInboxSignatureLabel || message.
using InboxSigner = std::function<std::string(absl::string_view message)>;

// Whether `signature` is the one of the operator's key over
// kInboxSignatureLabel || message.
using InboxVerifier =
    std::function<bool(absl::string_view message, absl::string_view signature)>;

// Takes the next bytes of the file.
using InboxSink = std::function<absl::Status(absl::string_view)>;

// Fills the front of the span with the next bytes of the file and returns how
// many there were: 0 only at the end.
using InboxSource = std::function<absl::StatusOr<size_t>(absl::Span<char>)>;

// Writes one file: Start, Append for each frame, Finish. After a failure the
// file is incomplete, and the reader refuses it.
class InboxWriter {
 public:
  // `digest` must be fresh and outlive this object.
  InboxWriter(InboxSink sink, InboxDigest& digest, InboxSigner sign);

  // Writes the header.
  absl::Status Start(const InboxHeader& header);

  // Writes the next frame. Fails with INTERNAL, reason INBOX_INCONSISTENT, if
  // it is no frame of this round's answers or not beyond the last pseudonym.
  absl::Status Append(absl::string_view frame);

  // Writes the trailer and returns the file's digest. Fails with INTERNAL,
  // reason INBOX_INCONSISTENT, unless exactly frame_count frames were appended.
  absl::StatusOr<std::string> Finish();

 private:
  absl::Status Write(absl::string_view bytes);

  InboxSink sink_;
  InboxDigest& digest_;
  InboxSigner sign_;
  InboxHeader header_;
  uint64_t appended_ = 0;
  std::optional<Pseudonym> last_;
};

// Reads one file from front to back. What was read counts only once Next() has
// returned nullopt: only then is the file known to be whole.
class InboxReader {
 public:
  // Reads the header. `digest` must be fresh and outlive the reader.
  //
  // Fails with INVALID_ARGUMENT: reason INBOX_OF_ANOTHER_ROUND if the file is
  // not for `expected`, else INBOX_MALFORMED. Failures of `source` pass
  // through.
  static absl::StatusOr<InboxReader> Open(InboxSource source,
                                          InboxDigest& digest,
                                          InboxVerifier verify,
                                          const ManifestHash& expected);

  [[nodiscard]] const InboxHeader& header() const { return header_; }

  // Returns the next frame, valid until the next call, or nullopt after the
  // last if the file has the promised number of frames, the right digest, the
  // operator's signature and nothing more.
  //
  // Fails with INVALID_ARGUMENT, reason INBOX_MALFORMED, if the file is cut
  // off, longer than it says, out of order, has a pseudonym twice, a frame of
  // another round, a withdrawal, or the wrong digest; reason
  // INBOX_SIGNATURE_REFUSED if the operator did not sign it; and from then on.
  absl::StatusOr<std::optional<absl::string_view>> Next();

  // The digest of the file, of kInboxDigestSize bytes; empty until Next() has
  // returned nullopt.
  [[nodiscard]] const std::string& digest() const { return file_digest_; }

 private:
  InboxReader(InboxSource source, InboxDigest& digest, InboxVerifier verify);

  // Makes `length` more bytes available to Take.
  absl::Status Need(size_t length);
  // Returns the next `length` bytes, valid until Need is called.
  absl::string_view Take(size_t length);
  absl::StatusOr<std::optional<absl::string_view>> NextFrame();
  absl::StatusOr<std::optional<absl::string_view>> CheckEnd();

  InboxSource source_;
  InboxDigest* digest_;
  InboxVerifier verify_;
  InboxHeader header_;
  std::string header_bytes_;
  std::string file_digest_;
  std::string buffer_;
  size_t position_ = 0;  // In buffer_, of the first byte not taken.
  uint64_t frames_read_ = 0;
  std::optional<Pseudonym> last_;
  bool ended_ = false;
  absl::Status failure_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_INBOX_FILE_H_
