// SPDX-License-Identifier: Apache-2.0
// Big-endian integers in byte strings: the one byte order of every format here.

#ifndef COMMONWAGE_BASE_BYTES_H_
#define COMMONWAGE_BASE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage {

// Appends `value`, most significant byte first.
void AppendUint16(std::string& out, uint16_t value);
void AppendUint32(std::string& out, uint32_t value);
void AppendUint64(std::string& out, uint64_t value);

// Returns the bytes that `digits` stand for, "" if they are not pairs of
// hexadecimal digits. (abseil's own has another form in every second version.)
std::string HexToBytes(absl::string_view digits);

// Reads a byte string from its front. Every read says whether there was enough.
class ByteReader {
 public:
  explicit ByteReader(absl::string_view bytes) : rest_(bytes) {}

  // Returns the next value and moves past it, or nullopt at the end, and then
  // nothing moves.
  std::optional<uint8_t> ReadUint8();
  std::optional<uint16_t> ReadUint16();
  std::optional<uint32_t> ReadUint32();
  std::optional<uint64_t> ReadUint64();
  std::optional<absl::string_view> ReadBytes(size_t length);

  // What has not been read yet.
  [[nodiscard]] absl::string_view rest() const { return rest_; }

 private:
  std::optional<uint64_t> ReadBigEndian(size_t length);

  absl::string_view rest_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_BYTES_H_
