// SPDX-License-Identifier: Apache-2.0
// Frames of a whole crowd, made on two cores and kept in memory.

#ifndef COMMONWAGE_TESTS_BENCH_FRAMES_H_
#define COMMONWAGE_TESTS_BENCH_FRAMES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "client/round_trust.h"
#include "client/submission.h"
#include "crypto/sodium_random.h"
#include "survey/answer.h"
#include "tests/bench/rates.h"
#include "tests/testing/crowd.h"
#include "tests/testing/made_population.h"

namespace commonwage::bench {

// Returns what each of `people` submits to `round`, in their order.
inline std::vector<std::string> MakeFrames(
    const client::TrustedRound& round,
    const std::vector<testing::Person>& people) {
  const client::SealingTerms terms =
      client::MakeSealingTerms(round.manifest, round.manifest_hash);
  const std::vector<Answer> answers =
      testing::MakePopulation(round.manifest.plan, people.size(), 1);
  std::vector<std::string> frames(people.size());
  OnTwoCores(people.size(), [&](size_t i) {
    crypto::SodiumRandom random;
    client::FrameOrder order;
    order.credential = people[i].credential;
    frames[i] = client::BuildFrame(terms, people[i].KeyIn(round.manifest_hash),
                                   order, answers[i], random)
                    .value();
  });
  return frames;
}

}  // namespace commonwage::bench

#endif  // COMMONWAGE_TESTS_BENCH_FRAMES_H_
