// SPDX-License-Identifier: Apache-2.0
// A RandomSource that gives the very bytes a test was told, and counts them.

#ifndef COMMONWAGE_TESTS_CRYPTO_FIXED_RANDOM_H_
#define COMMONWAGE_TESTS_CRYPTO_FIXED_RANDOM_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/types/span.h"

#include "base/check.h"
#include "base/random_source.h"

namespace commonwage::crypto {

// Aborts when more is drawn than there is.
class FixedRandom final : public RandomSource {
 public:
  explicit FixedRandom(std::string bytes) : bytes_(std::move(bytes)) {}

  void Fill(absl::Span<uint8_t> out) override {
    COMMONWAGE_CHECK(out.size() <= left());
    std::transform(bytes_.begin() + static_cast<ptrdiff_t>(drawn_),
                   bytes_.begin() + static_cast<ptrdiff_t>(drawn_ + out.size()),
                   out.begin(), [](char c) { return static_cast<uint8_t>(c); });
    drawn_ += out.size();
  }

  // How many bytes nobody has drawn.
  [[nodiscard]] size_t left() const { return bytes_.size() - drawn_; }

 private:
  std::string bytes_;
  size_t drawn_ = 0;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_TESTS_CRYPTO_FIXED_RANDOM_H_
