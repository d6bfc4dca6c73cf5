// SPDX-License-Identifier: Apache-2.0
// Joining a survey: pins in a wallet what an invitation says, before any server
// is asked. From then on a server that shows another survey key, another
// admission or another survey gets nothing (round_trust.h).

#ifndef COMMONWAGE_CLIENT_JOINING_H_
#define COMMONWAGE_CLIENT_JOINING_H_

#include "absl/status/status.h"

#include "base/random_source.h"
#include "client/wallet_file.h"
#include "survey/invitation.h"

namespace commonwage::client {

// Whether a person said that an invitation takes the place of what their wallet
// knows of the survey.
enum class Rejoin { kRefuse, kReplace };

// Pins `invitation`, from ParseInvitation, in the wallet. The same one again
// changes nothing. With kReplace the survey's key is forgotten if it is
// another, and so are the rounds in which the person has done nothing.
//
// Fails with INVALID_ARGUMENT (SERVER_ADDRESS_MALFORMED, PLAINTEXT_REFUSED);
// FAILED_PRECONDITION (JOINED_OTHERWISE), saying both keys in words, if the
// wallet knows the survey by another key or invitation and this is not to be
// replaced; FAILED_PRECONDITION (ANSWER_WAITING) if an answer waits to be sent
// to the survey whose key would be forgotten; as WalletFile does.
absl::Status Join(const WalletFile& wallet, const Invitation& invitation,
                  Rejoin rejoin, RandomSource& random);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_JOINING_H_
