// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/parsers.h"

#include <utility>

#include "absl/status/statusor.h"

#include "base/check.h"
#include "base/error.h"
#include "survey/answer.h"
#include "survey/cancellation.h"
#include "survey/enrolment_request.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "survey/invitation.h"
#include "survey/issuer_key_file.h"
#include "survey/manifest.h"
#include "survey/plan/plan_json.h"
#include "survey/release.h"
#include "tests/survey/samples.h"

#include <google/protobuf/stubs/logging.h>

namespace commonwage::testing {
namespace {

absl::Status ReadPlan(absl::string_view bytes) {
  const auto plan = ParsePlan(bytes);
  if (plan.ok()) {
    const auto again = ParsePlan(WritePlan(*plan));
    COMMONWAGE_CHECK(again.ok() && *again == *plan);
  }
  return plan.status();
}

absl::Status ReadManifest(absl::string_view bytes) {
  const auto manifest = ParseManifest(bytes);
  // There is one spelling.
  COMMONWAGE_CHECK(!manifest.ok() || WriteManifest(*manifest) == bytes);
  return manifest.status();
}

absl::Status ReadAnswer(absl::string_view bytes) {
  static const Plan& plan = *new Plan(SamplePlan());
  const auto answer = DecodeAnswer(bytes, plan);
  COMMONWAGE_CHECK(!answer.ok() || EncodeAnswer(*answer) == bytes);
  return answer.status();
}

absl::Status ReadFrame(absl::string_view bytes) {
  const auto frame = FrameView::Parse(bytes);
  COMMONWAGE_CHECK(!frame.ok() ||
                   WriteFrameHead(frame->header()) == frame->aad());
  return frame.status();
}

absl::Status ReadRelease(absl::string_view bytes) {
  static const Manifest& manifest = *new Manifest(SampleManifest());
  // protobuf reports each text that is not UTF-8, thousands here.
  const google::protobuf::LogSilencer silencer;
  const auto release = ParseRelease(bytes);
  if (release.ok()) {
    // It may fit or not, but it must be possible to ask.
    CheckReleaseAgainst(*release, manifest).IgnoreError();
  }
  return release.status();
}

// Reads a whole inbox file and returns how that ended.
absl::Status ReadInbox(absl::string_view bytes) {
  static const ManifestHash& expected = *new ManifestHash(SampleManifestHash());
  Sha256InboxDigest digest;
  auto reader = InboxReader::Open(SourceOf(std::string(bytes), 700), digest,
                                  IsSampleInboxSignature, expected);
  if (!reader.ok()) {
    return reader.status();
  }
  auto frame = reader->Next();
  while (frame.ok() && frame->has_value()) {
    frame = reader->Next();
  }
  return frame.status();
}

absl::Status ReadEnrolmentRequest(absl::string_view bytes) {
  return ParseEnrolmentRequest(bytes).status();
}

absl::Status ReadEnrolmentAnswer(absl::string_view bytes) {
  return ParseEnrolmentAnswer(bytes).status();
}

absl::Status ReadCancellation(absl::string_view bytes) {
  const auto cancellation = ParseCancellation(bytes);
  COMMONWAGE_CHECK(!cancellation.ok() ||
                   WriteCancellation(*cancellation) == bytes);
  return cancellation.status();
}

absl::Status ReadIssuerKeyFile(absl::string_view bytes) {
  const auto file = ParseIssuerKeyFile(bytes);
  if (file.ok()) {
    const auto again = ParseIssuerKeyFile(WriteIssuerKeyFile(*file));
    COMMONWAGE_CHECK(again.ok() && *again == *file);
  }
  return file.status();
}

absl::Status ReadInvitation(absl::string_view bytes) {
  const auto invitation = ParseInvitation(bytes);
  if (invitation.ok()) {
    const auto again = ParseInvitation(WriteInvitation(*invitation));
    COMMONWAGE_CHECK(again.ok() && *again == *invitation);
  }
  return invitation.status();
}

}  // namespace

std::vector<FuzzedParser> FuzzedParsers() {
  const EnrolmentRequest request{
      .round_id = "couriers.2026-q1",
      .issuer_key_digest = std::string(kIssuerKeyDigestSize, '\x11'),
      .blinded_message = std::string(kBlindedMessageSize, '\x22'),
      .checksum = std::string(kRequestChecksumSize, '\x33')};
  const EnrolmentAnswer answer{.round_id = "couriers.2026-q1",
                               .blind_signature = std::string(256, '\x44')};
  return {
      {"plan", WritePlan(SamplePlan()), ReadPlan, true},
      {"manifest", WriteManifest(SampleManifest()), ReadManifest, true},
      {"answer", EncodeAnswer(SampleAnswer()), ReadAnswer, false},
      {"frame", FrameOf(SampleFrameHeader()), ReadFrame, false},
      {"release", WriteRelease(SampleRelease()), ReadRelease, false},
      {"inbox", InboxOf({FrameOfPseudonym(1), FrameOfPseudonym(2)}), ReadInbox,
       true},
      {"enrolment_request", WriteEnrolmentRequest(request),
       ReadEnrolmentRequest, false},
      {"enrolment_answer", WriteEnrolmentAnswer(answer), ReadEnrolmentAnswer,
       false},
      {"cancellation", WriteCancellation({SampleManifestHash()}),
       ReadCancellation, false},
      {"issuer_key_file",
       WriteIssuerKeyFile({"couriers.2026-q1", std::string(294, '\x30')}),
       ReadIssuerKeyFile, false},
      {"invitation", WriteInvitation(SampleInvitation()), ReadInvitation,
       false},
  };
}

bool IsCleanOutcome(const absl::Status& status) {
  return status.ok() ||
         (status.code() == absl::StatusCode::kInvalidArgument &&
          !status.message().empty() && ReasonOf(status) != Reason::kUnknown);
}

}  // namespace commonwage::testing
