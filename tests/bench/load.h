// SPDX-License-Identifier: Apache-2.0
// Load over gRPC, many calls in flight on a few connections.

#ifndef COMMONWAGE_TESTS_BENCH_LOAD_H_
#define COMMONWAGE_TESTS_BENCH_LOAD_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "client/round_trust.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/blind/blind_rsa.h"
#include "tests/testing/crowd.h"

namespace commonwage::bench {

// Sends every frame; aborts if one is refused.
void SendFrames(const std::string& server,
                const std::vector<std::string>& frames);

// Makes the same call `count` times; aborts if one fails.
void AskMany(const std::string& server, const v1::SummarizeRequest& request,
             size_t count);

// Returns once `request` is answered.
void WaitForRelease(const std::string& server,
                    const v1::SummarizeRequest& request);

// People on their way to a credential.
struct Enrolment {
  std::vector<v1::IssueCredentialRequest> requests;
  std::vector<crypto::BlindRsaRequest> pending;
};

// Blinds each person's pseudonym.
Enrolment BlindPeople(const client::TrustedRound& round,
                      const std::vector<std::string>& codes,
                      const std::vector<testing::Person>& people);

// Gets a blind signature for each of `requests`; aborts if one is refused.
std::vector<std::string> AskForCredentials(
    const std::string& issuer,
    absl::Span<const v1::IssueCredentialRequest> requests);

// Gives each person the credential that was signed for them.
void FinishPeople(const Enrolment& enrolment,
                  const std::vector<std::string>& signatures,
                  std::vector<testing::Person>& people);

}  // namespace commonwage::bench

#endif  // COMMONWAGE_TESTS_BENCH_LOAD_H_
