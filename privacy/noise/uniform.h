// SPDX-License-Identifier: Apache-2.0
// Uniform integers, the one primitive that touches random bytes, and the proof
// that everything built on it fits into its 128 bits.
//
// Width. Let sigma^2 = p/q, reduced, p <= 2^19, q <= 2^20 (noise_law.h), and
// t = floor(sigma) + 1 <= 725 < 2^10 the scale of the Laplace proposals y, with
// |y| < 128 t < 2^17 (discrete_laplace.h). Then
//   |y| q t < 2^47,  so  (|y| q t - p)^2 < 2^94,  and  2 p q t^2 < 2^60;
// Bernoulli draws multiply the latter by at most 2^7 (bernoulli_exp.h). For a
// Laplace scale t/s, t <= 2^20: u + t v < 2^27, and u/t is multiplied likewise.
// So no value exceeds 2^94, and none that is drawn below exceeds 2^67.

#ifndef COMMONWAGE_PRIVACY_NOISE_UNIFORM_H_
#define COMMONWAGE_PRIVACY_NOISE_UNIFORM_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "privacy/noise/random_buffer.h"

namespace commonwage::privacy::noise {

__extension__ using Uint128 = unsigned __int128;

// Returns a uniform integer in [0, bound). Needs 0 < bound. Draws as few whole
// bytes as hold bound - 1, keeps as few bits, and starts over until the result
// is below `bound`: no remainder is taken, so no value is favoured.
inline uint64_t DrawBelow(uint64_t bound, RandomBuffer& random) {
  const auto bits = static_cast<size_t>(std::bit_width(bound - 1));
  // bits <= 64, and a shift by 64 would be undefined.
  const uint64_t mask = bits == 0 ? 0 : ~uint64_t{0} >> (64 - bits);
  uint64_t drawn = 0;
  do {
    drawn = random.TakeBytes((bits + 7) / 8) & mask;
  } while (drawn >= bound);
  return drawn;
}

// The same for bounds of up to 128 bits.
inline Uint128 DrawBelow128(Uint128 bound, RandomBuffer& random) {
  const auto high_max = static_cast<uint64_t>((bound - 1) >> 64);
  if (high_max == 0) {
    // 2^64 itself is not a uint64_t, but then every eight bytes will do.
    const auto low_bound = static_cast<uint64_t>(bound);
    return low_bound == 0 ? random.TakeBytes(8) : DrawBelow(low_bound, random);
  }
  const auto high_bits = static_cast<size_t>(std::bit_width(high_max));
  const uint64_t high_mask = ~uint64_t{0} >> (64 - high_bits);
  Uint128 drawn = 0;
  do {
    const uint64_t high = random.TakeBytes((high_bits + 7) / 8) & high_mask;
    drawn = (Uint128{high} << 64) | random.TakeBytes(8);
  } while (drawn >= bound);
  return drawn;
}

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_UNIFORM_H_
