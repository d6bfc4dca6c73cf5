// SPDX-License-Identifier: Apache-2.0
#include "tests/client/fake_server.h"

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/enrolment.h"
#include "client/submission.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/signature.h"
#include "survey/domain_labels.h"
#include "survey/receipt.h"

namespace commonwage::testing {
namespace {

absl::Status Refused(Reason reason) {
  return Refusal(reason, "The server said no.");
}

}  // namespace

std::map<Pseudonym, std::string> FakeServer::Stored() {
  const MutexLock lock(mutex_);
  std::map<Pseudonym, std::string> stored;
  for (const auto& [pseudonym, entry] : entries_) {
    stored[pseudonym] = entry.withdrawn ? "" : entry.frame;
  }
  return stored;
}

std::vector<std::string> FakeServer::Seen() {
  const MutexLock lock(mutex_);
  return seen_;
}

v1::SummarizeRequest FakeServer::LastSummarize() {
  const MutexLock lock(mutex_);
  return last_summarize_;
}

v1::CompareRequest FakeServer::LastCompare() {
  const MutexLock lock(mutex_);
  return last_compare_;
}

v1::TrendRequest FakeServer::LastTrend() {
  const MutexLock lock(mutex_);
  return last_trend_;
}

absl::StatusOr<v1::ListRoundsResponse> FakeServer::ListRounds(
    const v1::ListRoundsRequest& /*request*/) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  v1::ListRoundsResponse response;
  for (const v1::Round& round : other_rounds) {
    *response.add_rounds() = round;
  }
  *response.add_rounds() = shown_round.value_or(round_->ToProto(state));
  response.set_next_page_token(page_token);
  return response;
}

absl::StatusOr<v1::GetRoundResponse> FakeServer::GetRound(
    const v1::GetRoundRequest& request) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  v1::GetRoundResponse response;
  *response.mutable_round() = shown_round.value_or(round_->ToProto(state));
  if (server_hour > 0) {
    response.mutable_server_hour()->set_seconds(server_hour);
  }
  if (request.name() != response.round().name()) {
    return Refused(Reason::kUnknownRound);
  }
  return response;
}

absl::Status FakeServer::Admit(const FrameView& frame) const {
  const FrameHeader& header = frame.header();
  if (header.manifest_hash != round_->manifest_hash) {
    return Refused(Reason::kUnknownRound);
  }
  if (state == v1::ROUND_STATE_CREATED) {
    return Refused(Reason::kRoundNotOpen);
  }
  if (state != v1::ROUND_STATE_OPEN) {
    return Refused(Reason::kRoundClosed);
  }
  if (!crypto::Verify(*crypto::VerifyKey::From(header.pseudonym.view()),
                      kFrameSignatureLabel, frame.signed_bytes(),
                      *crypto::Signature::From(frame.signature()))) {
    return Refused(Reason::kSignatureRefused);
  }
  if (round_->manifest.admission == Admission::kCredential) {
    const auto key =
        crypto::BlindRsaPublicKey::FromDer(round_->manifest.issuer_public_key);
    if (!key.ok() || !key->Verify(client::CredentialMessage(
                                      header.manifest_hash, header.pseudonym),
                                  header.credential)) {
      return Refused(Reason::kCredentialRefused);
    }
  }
  return absl::OkStatus();
}

absl::Status FakeServer::Accept(const std::string& frame) {
  COMMONWAGE_ASSIGN_OR_RETURN(const FrameView view, FrameView::Parse(frame));
  COMMONWAGE_RETURN_IF_ERROR(Admit(view));
  const FrameHeader& header = view.header();
  const auto found = entries_.find(header.pseudonym);
  if (found != entries_.end() && found->second.frame == frame) {
    return absl::OkStatus();
  }
  if (found == entries_.end()) {
    if (header.operation != Operation::kSubmit) {
      return Refused(Reason::kNothingToAmend);
    }
  } else if (found->second.withdrawn) {
    return Refused(Reason::kAlreadyWithdrawn);
  } else if (header.sequence <= found->second.sequence) {
    return Refused(Reason::kSequenceUsed);
  }
  entries_[header.pseudonym] = {frame, header.sequence,
                                header.operation == Operation::kWithdraw};
  return absl::OkStatus();
}

v1::Receipt FakeServer::ReceiptFor(const std::string& frame) const {
  const FrameHeader header = FrameView::Parse(frame)->header();
  Receipt receipt;
  receipt.manifest_hash = header.manifest_hash;
  receipt.frame_digest =
      *FrameDigest::From(client::DigestOfFrame(frame).view());
  receipt.sequence = header.sequence;
  receipt.status = header.operation == Operation::kWithdraw
                       ? ReceiptStatus::kWithdrawn
                       : ReceiptStatus::kStored;
  const crypto::SigningKey& key =
      forge_receipts ? round_->survey_key : round_->receipt_key;
  v1::Receipt message;
  message.set_manifest_hash(std::string(receipt.manifest_hash.view()));
  message.set_frame_digest(std::string(receipt.frame_digest.view()));
  message.set_sequence(receipt.sequence);
  message.set_status(header.operation == Operation::kWithdraw
                         ? v1::RECEIPT_STATUS_WITHDRAWN
                         : v1::RECEIPT_STATUS_STORED);
  message.set_signature(std::string(
      key.Sign(kReceiptSignatureLabel, ReceiptSignedBytes(receipt)).view()));
  return message;
}

absl::StatusOr<v1::SubmitResponse> FakeServer::Submit(
    const v1::SubmitRequest& request) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  const MutexLock lock(mutex_);
  seen_.push_back(request.frame());
  COMMONWAGE_RETURN_IF_ERROR(refusal);
  COMMONWAGE_RETURN_IF_ERROR(Accept(request.frame()));
  if (lose_answers) {
    return Refused(Reason::kServerUnreachable);
  }
  v1::SubmitResponse response;
  *response.mutable_receipt() = ReceiptFor(request.frame());
  return response;
}

absl::StatusOr<v1::ListReleasesResponse> FakeServer::ListReleases(
    const v1::ListReleasesRequest& /*request*/) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  v1::ListReleasesResponse response;
  response.add_releases()->set_name(absl::StrCat("releases/", round_->Id()));
  return response;
}

absl::StatusOr<v1::SummarizeResponse> FakeServer::Summarize(
    const v1::SummarizeRequest& request) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  const MutexLock lock(mutex_);
  last_summarize_ = request;
  return summary;
}

absl::StatusOr<v1::CompareResponse> FakeServer::Compare(
    const v1::CompareRequest& request) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  const MutexLock lock(mutex_);
  last_compare_ = request;
  return gap;
}

absl::StatusOr<v1::TrendResponse> FakeServer::Trend(
    const v1::TrendRequest& request) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  const MutexLock lock(mutex_);
  last_trend_ = request;
  return trend;
}

absl::StatusOr<std::string> FakeServer::DownloadRelease(
    const v1::DownloadReleaseRequest& request) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  if (release_bytes.empty() ||
      request.name() != absl::StrCat("releases/", round_->Id())) {
    return Refused(Reason::kUnknownRelease);
  }
  return release_bytes;
}

absl::StatusOr<v1::IssueCredentialResponse> FakeIssuer::IssueCredential(
    const v1::IssueCredentialRequest& request) {
  COMMONWAGE_RETURN_IF_ERROR(failure);
  seen.push_back(request);
  const auto [found, is_new] = blinded_by_code_.emplace(
      request.enrolment_code(), request.blinded_message());
  if (!is_new && found->second != request.blinded_message()) {
    return Refused(Reason::kCredentialAlreadyIssued);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string signature,
                              key_.BlindSign(request.blinded_message()));
  v1::IssueCredentialResponse response;
  response.set_blind_signature(signature);
  return response;
}

}  // namespace commonwage::testing
