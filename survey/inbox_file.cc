// SPDX-License-Identifier: Apache-2.0
#include "survey/inbox_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "survey/frame.h"
#include "survey/manifest.h"

namespace commonwage {
namespace {

constexpr absl::string_view kMagic = "CWIB";
constexpr uint8_t kInboxVersion = 2;

// The end of the year 9999, as for the dates of plans.
constexpr uint64_t kMaxSeconds = 253'402'300'799;

// Large reads keep a file of a million frames from being a million calls.
constexpr size_t kReadSize = size_t{256} << 10;

absl::Status Malformed() {
  return Refusal(Reason::kInboxMalformed,
                 "This sealed inbox is damaged or incomplete; export it again "
                 "and copy the whole file.");
}

absl::Status NotTheOperators() {
  return Refusal(Reason::kInboxSignatureRefused,
                 "This sealed inbox is not signed by the operator of its "
                 "round, so nothing of it counts. Ask the operator in person "
                 "for the file, and tell whoever gave you this one.");
}

absl::Status Inconsistent() {
  return Refusal(Reason::kInboxInconsistent,
                 "The submissions do not make up one sealed inbox.");
}

// Before 1970 nothing was closed.
uint64_t SecondsOf(const InboxHeader& header) {
  return static_cast<uint64_t>(std::max<int64_t>(
      absl::ToUnixSeconds(header.closed_early_at.value_or(absl::UnixEpoch())),
      0));
}

std::string WriteHeader(const InboxHeader& header) {
  std::string bytes(kMagic);
  bytes.push_back(static_cast<char>(kInboxVersion));
  bytes.push_back(header.closed_early() ? '\1' : '\0');
  AppendUint16(bytes, 0);
  absl::StrAppend(&bytes, header.manifest_hash.view());
  AppendUint64(bytes, SecondsOf(header));
  AppendUint64(bytes, header.frame_count);
  COMMONWAGE_CHECK(bytes.size() == kInboxHeaderSize);
  return bytes;
}

// Needs kInboxHeaderSize bytes.
std::optional<InboxHeader> ReadHeader(absl::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.ReadBytes(kMagic.size()) != kMagic ||
      reader.ReadUint8() != kInboxVersion) {
    return std::nullopt;
  }
  const uint8_t closed_early = *reader.ReadUint8();
  if (closed_early > 1 || reader.ReadUint16() != 0) {
    return std::nullopt;
  }
  InboxHeader header;
  header.manifest_hash =
      *ManifestHash::From(*reader.ReadBytes(ManifestHash::kSize));
  const uint64_t closed_early_at = *reader.ReadUint64();
  header.frame_count = *reader.ReadUint64();
  if (closed_early_at > kMaxSeconds ||
      (closed_early == 0 && closed_early_at != 0)) {
    return std::nullopt;
  }
  if (closed_early == 1) {
    header.closed_early_at =
        absl::FromUnixSeconds(static_cast<int64_t>(closed_early_at));
  }
  return header;
}

// Returns the pseudonym of a frame that may come next in the file: an answer
// to this round from a pseudonym beyond `last`.
std::optional<Pseudonym> PseudonymOfNext(absl::string_view frame,
                                         const ManifestHash& manifest_hash,
                                         const std::optional<Pseudonym>& last) {
  const absl::StatusOr<FrameView> view = FrameView::Parse(frame);
  if (!view.ok() || view->header().operation == Operation::kWithdraw ||
      view->header().manifest_hash != manifest_hash ||
      (last.has_value() && view->header().pseudonym <= *last)) {
    return std::nullopt;
  }
  return view->header().pseudonym;
}

}  // namespace

InboxWriter::InboxWriter(InboxSink sink, InboxDigest& digest, InboxSigner sign)
    : sink_(std::move(sink)), digest_(digest), sign_(std::move(sign)) {}

absl::Status InboxWriter::Write(absl::string_view bytes) {
  digest_.Update(bytes);
  return sink_(bytes);
}

absl::Status InboxWriter::Start(const InboxHeader& header) {
  header_ = header;
  return Write(WriteHeader(header));
}

absl::Status InboxWriter::Append(absl::string_view frame) {
  const std::optional<Pseudonym> pseudonym =
      PseudonymOfNext(frame, header_.manifest_hash, last_);
  if (!pseudonym.has_value() || appended_ == header_.frame_count) {
    return Inconsistent();
  }
  last_ = pseudonym;
  ++appended_;
  return Write(frame);
}

absl::StatusOr<std::string> InboxWriter::Finish() {
  if (appended_ != header_.frame_count) {
    return Inconsistent();
  }
  std::string digest = digest_.Finish();
  const std::string trailer =
      absl::StrCat(digest, sign_(absl::StrCat(WriteHeader(header_), digest)));
  COMMONWAGE_CHECK(trailer.size() == kInboxTrailerSize);
  COMMONWAGE_RETURN_IF_ERROR(sink_(trailer));
  return digest;
}

InboxReader::InboxReader(InboxSource source, InboxDigest& digest,
                         InboxVerifier verify)
    : source_(std::move(source)),
      digest_(&digest),
      verify_(std::move(verify)) {}

absl::StatusOr<InboxReader> InboxReader::Open(InboxSource source,
                                              InboxDigest& digest,
                                              InboxVerifier verify,
                                              const ManifestHash& expected) {
  InboxReader reader(std::move(source), digest, std::move(verify));
  COMMONWAGE_RETURN_IF_ERROR(reader.Need(kInboxHeaderSize));
  const absl::string_view bytes = reader.Take(kInboxHeaderSize);
  const std::optional<InboxHeader> header = ReadHeader(bytes);
  if (!header.has_value()) {
    return Malformed();
  }
  if (header->manifest_hash != expected) {
    return Refusal(Reason::kInboxOfAnotherRound,
                   "This sealed inbox belongs to another round, or to another "
                   "manifest of this one.");
  }
  digest.Update(bytes);
  reader.header_ = *header;
  reader.header_bytes_ = std::string(bytes);
  return reader;
}

absl::Status InboxReader::Need(size_t length) {
  if (buffer_.size() - position_ >= length) {
    return absl::OkStatus();
  }
  buffer_.erase(0, std::exchange(position_, 0));
  while (buffer_.size() < length) {
    const size_t before = buffer_.size();
    buffer_.resize(before + kReadSize);
    COMMONWAGE_ASSIGN_OR_RETURN(
        const size_t got, source_(absl::MakeSpan(buffer_).subspan(before)));
    COMMONWAGE_CHECK(got <= kReadSize);
    buffer_.resize(before + got);
    if (got == 0) {
      return Malformed();
    }
  }
  return absl::OkStatus();
}

absl::string_view InboxReader::Take(size_t length) {
  const absl::string_view bytes =
      absl::string_view(buffer_).substr(position_, length);
  position_ += length;
  return bytes;
}

absl::StatusOr<std::optional<absl::string_view>> InboxReader::Next() {
  if (!failure_.ok()) {
    return failure_;
  }
  if (ended_) {
    return std::nullopt;
  }
  absl::StatusOr<std::optional<absl::string_view>> next =
      frames_read_ < header_.frame_count ? NextFrame() : CheckEnd();
  failure_ = next.status();
  return next;
}

absl::StatusOr<std::optional<absl::string_view>> InboxReader::NextFrame() {
  COMMONWAGE_RETURN_IF_ERROR(Need(kFrameSize));
  const absl::string_view frame = Take(kFrameSize);
  const std::optional<Pseudonym> pseudonym =
      PseudonymOfNext(frame, header_.manifest_hash, last_);
  if (!pseudonym.has_value()) {
    return Malformed();
  }
  last_ = pseudonym;
  ++frames_read_;
  digest_->Update(frame);
  return frame;
}

absl::StatusOr<std::optional<absl::string_view>> InboxReader::CheckEnd() {
  COMMONWAGE_RETURN_IF_ERROR(Need(kInboxTrailerSize));
  const std::string digest(Take(kInboxDigestSize));
  const std::string signature(Take(kInboxSignatureSize));
  if (position_ < buffer_.size() || digest != digest_->Finish()) {
    return Malformed();
  }
  std::string beyond(1, '\0');
  COMMONWAGE_ASSIGN_OR_RETURN(const size_t got,
                              source_(absl::MakeSpan(beyond)));
  if (got != 0) {
    return Malformed();
  }
  if (!verify_(absl::StrCat(header_bytes_, digest), signature)) {
    return NotTheOperators();
  }
  ended_ = true;
  file_digest_ = digest;
  return std::nullopt;
}

}  // namespace commonwage
