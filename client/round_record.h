// SPDX-License-Identifier: Apache-2.0
// What a wallet's record of a round says. What can be done next by it is in
// participation_state.h.

#ifndef COMMONWAGE_CLIENT_ROUND_RECORD_H_
#define COMMONWAGE_CLIENT_ROUND_RECORD_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "client/round_trust.h"
#include "client/wallet_records.pb.h"
#include "crypto/signature.h"

namespace commonwage::client {

// Returns what the wallet knows of a round, or null.
const RoundRecord* FindRound(const WalletRecords& records,
                             absl::string_view round_id);
// Returns the record of a round, a new one if there was none.
RoundRecord& GetOrAddRound(WalletRecords& records, absl::string_view round_id);

// Returns what the wallet knows that bears on trusting a round. `fingerprint`
// is what the person typed, or empty.
TrustAnchors AnchorsOf(const WalletRecords& records, absl::string_view round_id,
                       absl::string_view fingerprint);

// Remembers of a round what later visits are held against, and what `shown`
// says, to be gone by while the server is away.
void Remember(const TrustedRound& trusted, const v1::Round& shown,
              RoundRecord& record);

// Whether any round that the wallet knows has this key for receipts.
bool KnowsReceiptKey(const WalletRecords& records,
                     const crypto::VerifyKey& receipt_key);

// Whether the server has accepted a frame of this record, and whether that took
// the answer back.
bool HasReceipt(const RoundRecord& record);
bool IsWithdrawn(const RoundRecord& record);

// Whether an answer was given that does not wait here any more, whatever became
// of it.
bool HasAnswered(const RoundRecord& record);

// The operator's key for receipts; all zero, which no signature fits, if the
// record has none.
crypto::VerifyKey ReceiptKeyOf(const RoundRecord& record);

// Fails with FAILED_PRECONDITION (NOT_ENROLLED) if the round needs a credential
// and `record`, or null, has none.
absl::Status CheckEnrolled(const TrustedRound& round,
                           const RoundRecord* record);

// What a person is told of an answer that DropAtClose dropped.
inline constexpr absl::string_view kMissedSentence =
    "Your answer was not sent before the round closed, so it is not counted. "
    "Nobody has seen it.";
inline constexpr absl::string_view kUnconfirmedSentence =
    "The round closed before a receipt for your answer came, so it may not be "
    "counted. It was sealed when it left this device.";

// What a person who has answered is told of a round that was called off.
inline constexpr absl::string_view kCalledOffSentence =
    "This round was called off: your answer was destroyed unread. There is "
    "nothing that you need to do.";

// Returns FAILED_PRECONDITION (ROUND_CANCELLED), in words for who has answered
// by `record`, or null, or for who has not.
absl::Status CalledOff(const RoundRecord* record);

// Notes that the survey's key has called the round off, and drops what waits.
void DropCalledOff(RoundRecord& record);

// Drops the waiting frame, since the round has closed. Of a first answer stays
// that it was missed, or is unconfirmed if it was `tried` before.
void DropAtClose(RoundRecord& record, bool tried);

// Ends forgetful mode: nothing stays but that it was used.
void Forget(RoundRecord& record);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_ROUND_RECORD_H_
