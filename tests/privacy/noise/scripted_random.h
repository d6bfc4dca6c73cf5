// SPDX-License-Identifier: Apache-2.0
// A RandomSource that gives out bytes that a test chose, then zeros.

#ifndef COMMONWAGE_TESTS_PRIVACY_NOISE_SCRIPTED_RANDOM_H_
#define COMMONWAGE_TESTS_PRIVACY_NOISE_SCRIPTED_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"

#include "base/random_source.h"

namespace commonwage::testing {

class ScriptedRandom final : public RandomSource {
 public:
  explicit ScriptedRandom(std::vector<uint8_t> bytes)
      : bytes_(std::move(bytes)) {}

  void Fill(absl::Span<uint8_t> out) override {
    for (uint8_t& byte : out) {
      byte = given_ < bytes_.size() ? bytes_[given_] : uint8_t{0};
      ++given_;
    }
  }

  // Returns how many bytes were asked for.
  [[nodiscard]] size_t given() const { return given_; }

 private:
  std::vector<uint8_t> bytes_;
  size_t given_ = 0;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_PRIVACY_NOISE_SCRIPTED_RANDOM_H_
