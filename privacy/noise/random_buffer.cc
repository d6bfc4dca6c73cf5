// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/random_buffer.h"

#include <string.h>

#include <bit>

#include "absl/types/span.h"

namespace commonwage::privacy::noise {

// TakeBytes keeps the low bytes of a word and moves on by as many, which are
// the first in memory only on such machines; elsewhere bytes would be reused.
static_assert(std::endian::native == std::endian::little);

// explicit_bzero is not optimised away, as memset before the end would be.
RandomBuffer::~RandomBuffer() { explicit_bzero(bytes_.data(), bytes_.size()); }

void RandomBuffer::Refill() {
  source_.Fill(absl::MakeSpan(bytes_.data(), kCapacity));
  used_ = 0;
}

}  // namespace commonwage::privacy::noise
