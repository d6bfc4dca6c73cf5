// SPDX-License-Identifier: Apache-2.0
#include "survey/frame.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/error.h"
#include "survey/manifest.h"

namespace commonwage {
namespace {

constexpr absl::string_view kMagic = "CWSF";
constexpr uint8_t kFrameVersion = 1;

static_assert(kFrameHeadSize + kFrameEncSize + kFrameCiphertextSize ==
              kFrameSignedSize);
static_assert(kFrameSignedSize + kFrameSignatureSize == kFrameSize);

absl::Status Malformed(absl::string_view sentence) {
  return Refusal(Reason::kFrameMalformed, sentence);
}

std::optional<Operation> ToOperation(std::optional<uint8_t> byte) {
  if (!byte.has_value() || *byte < 1 || *byte > 3) {
    return std::nullopt;
  }
  return static_cast<Operation>(*byte);
}

// Storage keeps sequences as signed 64-bit integers.
bool SequenceSuits(Operation operation, uint64_t sequence) {
  return operation == Operation::kSubmit
             ? sequence == 0
             : sequence > 0 &&
                   sequence <= static_cast<uint64_t>(
                                   std::numeric_limits<int64_t>::max());
}

// Needs a reader with at least FixedBytes::kSize bytes left.
template <typename FixedBytes>
FixedBytes ReadFixed(ByteReader& reader) {
  return *FixedBytes::From(*reader.ReadBytes(FixedBytes::kSize));
}

}  // namespace

std::string WriteFrameHead(const FrameHeader& header) {
  COMMONWAGE_CHECK(header.credential.empty() ||
                   header.credential.size() == kCredentialSize);
  std::string head(kMagic);
  head.push_back(static_cast<char>(kFrameVersion));
  head.push_back(static_cast<char>(header.operation));
  AppendUint16(head, 0);
  AppendUint64(head, header.sequence);
  absl::StrAppend(&head, header.manifest_hash.view(), header.pseudonym.view(),
                  header.round_key_id.view(), header.credential);
  head.resize(kFrameHeadSize, '\0');
  return head;
}

absl::StatusOr<FrameView> FrameView::Parse(absl::string_view frame) {
  if (frame.size() != kFrameSize) {
    return Malformed("A submission is 1024 bytes long.");
  }
  ByteReader reader(frame);
  if (reader.ReadBytes(kMagic.size()) != kMagic) {
    return Malformed("These bytes are not a submission.");
  }
  if (reader.ReadUint8() != kFrameVersion) {
    return Refusal(Reason::kFrameVersion,
                   "This submission is of another version of the format; "
                   "update the program that made it.");
  }
  const std::optional<Operation> operation = ToOperation(reader.ReadUint8());
  if (!operation.has_value() || reader.ReadUint16() != 0) {
    return Malformed("A submission must submit, amend or withdraw.");
  }
  FrameView view;
  view.frame_ = frame;
  view.header_.operation = *operation;
  view.header_.sequence = *reader.ReadUint64();
  if (!SequenceSuits(*operation, view.header_.sequence)) {
    return Malformed(
        "The sequence number must be 0 to submit, and greater to amend or "
        "withdraw.");
  }
  view.header_.manifest_hash = ReadFixed<ManifestHash>(reader);
  view.header_.pseudonym = ReadFixed<Pseudonym>(reader);
  view.header_.round_key_id = ReadFixed<RoundKeyId>(reader);
  view.header_.credential = std::string(*reader.ReadBytes(kCredentialSize));
  return view;
}

}  // namespace commonwage
