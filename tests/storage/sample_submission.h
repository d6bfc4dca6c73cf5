// SPDX-License-Identifier: Apache-2.0
// Made submissions and keys that the tests of the stores share.

#ifndef COMMONWAGE_TESTS_STORAGE_SAMPLE_SUBMISSION_H_
#define COMMONWAGE_TESTS_STORAGE_SAMPLE_SUBMISSION_H_

#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/hash.h"
#include "crypto/secret.h"
#include "storage/inbox/inbox.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {

// Returns a key that is always the same for `seed`.
inline crypto::Secret<32> SampleKey(uint64_t seed) {
  SeededRandom random(seed);
  return crypto::Secret<32>::Random(random);
}

// Returns `size` bytes that are always the same for `seed`.
inline std::string SampleBytes(uint64_t seed, size_t size) {
  SeededRandom random(seed);
  std::string bytes(size, '\0');
  random.Fill(
      absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
  return bytes;
}

// Returns what `worker` sends as number `sequence`: a frame of random bytes,
// which is all that a store can see of one.
inline storage::NewSubmission SampleSubmission(uint64_t worker,
                                               Operation operation,
                                               uint64_t sequence) {
  storage::NewSubmission submission;
  submission.pseudonym =
      *Pseudonym::From(SampleBytes(worker, Pseudonym::kSize));
  submission.operation = operation;
  submission.sequence = sequence;
  submission.frame = SampleBytes(
      (worker << 20U) + (sequence << 2U) + static_cast<uint64_t>(operation),
      kFrameSize);
  submission.frame_digest = crypto::Sha256(kFrameDigestLabel, submission.frame);
  return submission;
}

inline storage::NewSubmission SampleSubmit(uint64_t worker) {
  return SampleSubmission(worker, Operation::kSubmit, 0);
}

// Submits all at once and waits for every answer.
inline std::vector<absl::StatusOr<storage::Acceptance>> SubmitAll(
    storage::Inbox& inbox, std::vector<storage::NewSubmission> submissions) {
  using Answer = absl::StatusOr<storage::Acceptance>;
  std::vector<std::future<Answer>> answers;
  for (storage::NewSubmission& submission : submissions) {
    const auto promise = std::make_shared<std::promise<Answer>>();
    answers.push_back(promise->get_future());
    inbox.Submit(std::move(submission),
                 [promise](Answer answer) { promise->set_value(answer); });
  }
  std::vector<Answer> results;
  results.reserve(answers.size());
  for (std::future<Answer>& answer : answers) {
    results.push_back(answer.get());
  }
  return results;
}

inline absl::StatusOr<storage::Acceptance> SubmitOne(
    storage::Inbox& inbox, storage::NewSubmission submission) {
  std::vector<storage::NewSubmission> one;
  one.push_back(std::move(submission));
  return SubmitAll(inbox, std::move(one)).front();
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STORAGE_SAMPLE_SUBMISSION_H_
