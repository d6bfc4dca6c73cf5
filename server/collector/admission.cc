// SPDX-License-Identifier: Apache-2.0
#include "server/collector/admission.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "storage/inbox/inbox.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"

namespace commonwage::server::collector {
namespace {

using storage::Acceptance;
using storage::RoundState;

absl::Status RoundClosed() {
  return Refusal(Reason::kRoundClosed,
                 "This round has closed and takes nothing more.");
}

absl::Status RoundCancelled() {
  return Refusal(Reason::kRoundCancelled,
                 "This round was called off. It takes nothing, and what it had "
                 "taken was destroyed unread.");
}

absl::Status CheckOpen(const storage::RoundSummary& round, absl::Time now) {
  if (round.state == RoundState::kCancelled) {
    return RoundCancelled();
  }
  if (round.set_aside) {
    return Refusal(Reason::kRoundSetAside,
                   "The operator has set this round aside: it takes nothing "
                   "for now, and what it has taken is kept. Send the same "
                   "again later.");
  }
  const RoundState state = StateAt(round, now);
  if (state == RoundState::kCreated) {
    return Refusal(Reason::kRoundNotOpen,
                   "This round has not opened yet. Send the same again once "
                   "it has.");
  }
  return state == RoundState::kOpen ? absl::OkStatus() : RoundClosed();
}

absl::Status CheckSignature(const FrameView& frame) {
  const auto key =
      crypto::VerifyKey::From(frame.header().pseudonym.view()).value();
  const auto signature = crypto::Signature::From(frame.signature()).value();
  if (!crypto::Verify(key, kFrameSignatureLabel, frame.signed_bytes(),
                      signature)) {
    return Refusal(Reason::kSignatureRefused,
                   "The signature of this frame does not hold.");
  }
  return absl::OkStatus();
}

absl::Status CheckCredential(const FrameHeader& header,
                             const RoundTerms& terms) {
  const std::string& credential = header.credential;
  const bool holds =
      terms.issuer_key.has_value()
          ? terms.issuer_key->Verify(
                absl::StrCat(kCredentialLabel, header.manifest_hash.view(),
                             header.pseudonym.view()),
                credential)
          : std::all_of(credential.begin(), credential.end(),
                        [](char c) { return c == '\0'; });
  if (!holds) {
    return Refusal(Reason::kCredentialRefused,
                   "The credential of this frame is not one for this round.");
  }
  return absl::OkStatus();
}

absl::Status RefusalOf(Acceptance acceptance) {
  switch (acceptance) {
    case Acceptance::kStored:
    case Acceptance::kAlreadyStored:
      return absl::OkStatus();
    case Acceptance::kOlderSequence:
    case Acceptance::kConflict:
      return Refusal(Reason::kSequenceUsed,
                     "Another frame with this or a later sequence was accepted "
                     "before. To change what was submitted, amend it.");
    case Acceptance::kWithdrawn:
      return Refusal(Reason::kAlreadyWithdrawn,
                     "This submission was withdrawn, and that is final.");
    case Acceptance::kNothingToAmend:
      return Refusal(Reason::kNothingToAmend,
                     "There is no submission to amend or withdraw.");
    case Acceptance::kClosed:
      return RoundClosed();
  }
  return absl::InternalError("unknown acceptance");
}

}  // namespace

// A frame that may be stored.
struct FrameAdmission::Checked {
  std::shared_ptr<storage::Inbox> inbox;
  storage::NewSubmission submission;
  Receipt receipt;
};

FrameAdmission::FrameAdmission(const RoundBoard& board,
                               crypto::SigningKey receipt_key, Clock& clock,
                               Log& log, std::function<void()> on_full)
    : board_(board),
      receipt_key_(std::move(receipt_key)),
      clock_(clock),
      log_(log),
      on_full_(std::move(on_full)) {}

void FrameAdmission::Admit(absl::string_view frame, Done done) {
  absl::StatusOr<Checked> checked = Check(frame);
  if (!checked.ok()) {
    done(std::move(checked).status());
    return;
  }
  // Signed here, before it is true, so that the inbox's one thread need not do
  // it; it leaves only once it is true.
  const SignedReceipt receipt{
      checked->receipt,
      receipt_key_.Sign(kReceiptSignatureLabel,
                        ReceiptSignedBytes(checked->receipt))};
  // `done` must not own the inbox: it is called from the inbox's own thread.
  checked->inbox->Submit(std::move(checked->submission),
                         [this, receipt, done = std::move(done)](
                             const absl::StatusOr<Acceptance>& acceptance) {
                           done(ReceiptFor(acceptance, receipt));
                         });
}

absl::StatusOr<FrameAdmission::Checked> FrameAdmission::Check(
    absl::string_view frame) const {
  COMMONWAGE_ASSIGN_OR_RETURN(const FrameView view, FrameView::Parse(frame));
  const FrameHeader& header = view.header();

  const std::shared_ptr<const RoundTable> table = board_.Get();
  const BoardRound* round = table->Find(header.manifest_hash);
  if (round == nullptr) {
    return Refusal(Reason::kUnknownRound, "This server has no such round.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckOpen(round->summary, clock_.Now()));
  if (round->inbox == nullptr || round->terms == nullptr) {
    return Refusal(Reason::kStoreUnavailable,
                   "This round cannot take submissions just now. Send the same "
                   "again later.");
  }
  if (header.round_key_id != round->terms->round_key_id) {
    return Refusal(Reason::kForeignRoundKey,
                   "This frame is sealed to a key that is not this round's.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckSignature(view));
  COMMONWAGE_RETURN_IF_ERROR(CheckCredential(header, *round->terms));

  const crypto::Digest digest = crypto::Sha256(kFrameDigestLabel, frame);
  Checked checked;
  checked.inbox = round->inbox;
  checked.submission = {header.pseudonym, header.operation, header.sequence,
                        digest, std::string(frame)};
  checked.receipt = {header.manifest_hash,
                     FrameDigest::From(digest.view()).value(), header.sequence,
                     header.operation == Operation::kWithdraw
                         ? ReceiptStatus::kWithdrawn
                         : ReceiptStatus::kStored};
  return checked;
}

absl::StatusOr<SignedReceipt> FrameAdmission::ReceiptFor(
    const absl::StatusOr<Acceptance>& acceptance,
    const SignedReceipt& receipt) {
  if (!acceptance.ok()) {
    return StoreFailed(acceptance.status());
  }
  if (store_failing_.load(std::memory_order_relaxed)) {
    store_failing_.store(false, std::memory_order_relaxed);
  }
  COMMONWAGE_RETURN_IF_ERROR(RefusalOf(*acceptance));
  return receipt;
}

absl::Status FrameAdmission::StoreFailed(const absl::Status& failure) {
  if (!store_failing_.exchange(true)) {
    log_.Write(LogEvent::kStoreFailed, {LogField::Failure(failure)});
  }
  if (ReasonOf(failure) == Reason::kDiskFull) {
    if (on_full_) {
      on_full_();
    }
    return Refusal(Reason::kDiskFull,
                   "The server's disk is full; nothing was stored. Send the "
                   "same again later.");
  }
  return Refusal(Reason::kStoreUnavailable,
                 "The server cannot store submissions just now. Send the same "
                 "again later.");
}

}  // namespace commonwage::server::collector
