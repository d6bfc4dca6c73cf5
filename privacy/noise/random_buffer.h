// SPDX-License-Identifier: Apache-2.0
// Random bytes, fetched 4 KiB at a time: a draw needs about twenty, one or two
// at a time, and asking the source for each would cost more than the draw.

#ifndef COMMONWAGE_PRIVACY_NOISE_RANDOM_BUFFER_H_
#define COMMONWAGE_PRIVACY_NOISE_RANDOM_BUFFER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/random_source.h"

namespace commonwage::privacy::noise {

// Every byte is given out once. Cannot be copied or moved, and wipes itself at
// its end. Keep it inside one function that draws one release and forks
// nothing: a process that forked while one is alive would hold the same bytes
// twice. Not thread-safe.
class RandomBuffer {
 public:
  // `source` must outlive this.
  explicit RandomBuffer(RandomSource& source) : source_(source) {}
  RandomBuffer(const RandomBuffer&) = delete;
  RandomBuffer& operator=(const RandomBuffer&) = delete;
  ~RandomBuffer();

  // Returns the next `count` bytes as an integer below 256^count. Needs
  // count <= 8; takes nothing if it is 0.
  uint64_t TakeBytes(size_t count) {
    if (kCapacity - used_ < count) {
      Refill();
    }
    uint64_t word = 0;
    std::memcpy(&word, &bytes_[used_], sizeof word);
    used_ += count;
    // One shift by 64 would be undefined, so two.
    return (word & ~(~uint64_t{0} << 4 * count << 4 * count));
  }

 private:
  static constexpr size_t kCapacity = 4096;

  // Discards what is left and fetches again.
  void Refill();

  RandomSource& source_;
  size_t used_ = kCapacity;
  // Eight more than are used, so that a whole word can always be read.
  std::array<uint8_t, kCapacity + sizeof(uint64_t)> bytes_{};
};

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_RANDOM_BUFFER_H_
