// SPDX-License-Identifier: Apache-2.0
// Many people taking part at once, each the way the client library does it, but
// without a wallet on disk and without waiting.

#ifndef COMMONWAGE_TESTS_TESTING_CROWD_H_
#define COMMONWAGE_TESTS_TESTING_CROWD_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/round_trust.h"
#include "client/submission.h"
#include "crypto/signature.h"
#include "survey/answer.h"
#include "survey/manifest.h"

namespace commonwage::testing {

// Told how much of how much is done, from one thread at a time.
using CrowdProgress = std::function<void(size_t done, size_t total)>;

// One person of a crowd. Their seed is in ordinary memory: guarded memory is
// too scarce for thousands of people in one process.
struct Person {
  std::string seed;
  std::string credential;      // Empty where admission is open.
  std::string request_digest;  // Of the request for it, as the office keeps it.

  // Returns their key in a round.
  [[nodiscard]] crypto::SigningKey KeyIn(const ManifestHash& round) const;
};

// Returns the round, checked as a device that trusts on first use does.
absl::StatusOr<client::TrustedRound> VisitRound(const std::string& server,
                                                const std::string& round_id);

// Returns `count` people with new seeds.
std::vector<Person> MakePeople(size_t count);

// Gets each person a credential with a code of theirs, from `issuer`.
// Fails as the first that is refused.
absl::Status EnrolPeople(const std::string& issuer,
                         const client::TrustedRound& round,
                         const std::vector<std::string>& codes,
                         std::vector<Person>& people,
                         const CrowdProgress& progress);

// What became of a crowd's frames.
struct CrowdOutcome {
  size_t accepted = 0;
  std::map<std::string, size_t> refused;  // By reason.
};

// Seals and sends the i-th answer as the i-th person, many at a time.
absl::StatusOr<CrowdOutcome> SubmitAnswers(const std::string& server,
                                           const client::TrustedRound& round,
                                           const std::vector<Person>& people,
                                           const std::vector<Answer>& answers,
                                           const CrowdProgress& progress);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_CROWD_H_
