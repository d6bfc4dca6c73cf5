// SPDX-License-Identifier: Apache-2.0
#include "privacy/threshold.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "privacy/decimal_bound.h"
#include "privacy/noise_terms.h"
#include "privacy/tail.h"

namespace commonwage::privacy {
absl::Status CheckK(int64_t k) {
  if (k < kMinK || k > kMaxK) {
    return Refusal(Reason::kKOutOfRange,
                   "k, the fewest answers of a cell that is shown, must be at "
                   "least 2 and at most 1000000.");
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> MinimalTau(const NoiseLaw& root_law, int64_t k,
                                   absl::string_view threshold_delta) {
  COMMONWAGE_RETURN_IF_ERROR(CheckLaw(root_law));
  COMMONWAGE_RETURN_IF_ERROR(CheckK(k));
  COMMONWAGE_ASSIGN_OR_RETURN(const long double delta,
                              ParseDecimalBound(threshold_delta));
  // The tail falls with t: double an upper end, then halve the interval.
  int64_t enough = 1;
  while (UpperTailAtLeast(root_law, enough) > delta) {
    enough *= 2;
  }
  int64_t too_little = 0;
  while (enough - too_little > 1) {
    const int64_t middle = too_little + (enough - too_little) / 2;
    if (UpperTailAtLeast(root_law, middle) > delta) {
      too_little = middle;
    } else {
      enough = middle;
    }
  }
  return k + enough;
}

absl::StatusOr<int64_t> MinimalTau(const Marginal& marginal, int64_t k,
                                   absl::string_view threshold_delta) {
  return MinimalTau(LawPerLevel(marginal).front(), k, threshold_delta);
}

absl::Status CheckTau(const Marginal& marginal, int64_t k, int64_t tau,
                      absl::string_view threshold_delta) {
  const NoiseLaw root_law = LawPerLevel(marginal).front();
  COMMONWAGE_RETURN_IF_ERROR(CheckLaw(root_law));
  COMMONWAGE_RETURN_IF_ERROR(CheckK(k));
  COMMONWAGE_ASSIGN_OR_RETURN(const long double delta,
                              ParseDecimalBound(threshold_delta));
  if (tau <= k || ThresholdDelta(root_law, k, tau) > delta) {
    return Refusal(Reason::kTauTooSmall,
                   "tau, the least noisy count that is shown, is too small "
                   "for k, threshold_delta and the noise of the root.");
  }
  return absl::OkStatus();
}

long double ThresholdDelta(const NoiseLaw& root_law, int64_t k, int64_t tau) {
  return UpperTailAtLeast(root_law, tau - k);
}

long double ReleaseProbability(const NoiseLaw& root_law, int64_t k, int64_t tau,
                               int64_t n) {
  return n < k ? 0 : TailAtLeast(root_law, tau - n);
}

}  // namespace commonwage::privacy
