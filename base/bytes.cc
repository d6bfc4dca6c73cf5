// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace commonwage {
namespace {

void AppendBigEndian(std::string& out, uint64_t value, int length) {
  for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

template <typename Narrow>
std::optional<Narrow> NarrowTo(std::optional<uint64_t> value) {
  if (!value.has_value()) {
    return std::nullopt;
  }
  return static_cast<Narrow>(*value);
}

}  // namespace

void AppendUint16(std::string& out, uint16_t value) {
  AppendBigEndian(out, value, 2);
}

void AppendUint32(std::string& out, uint32_t value) {
  AppendBigEndian(out, value, 4);
}

void AppendUint64(std::string& out, uint64_t value) {
  AppendBigEndian(out, value, 8);
}

std::string HexToBytes(absl::string_view digits) {
  constexpr absl::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    const size_t high = kDigits.find(
        absl::ascii_tolower(static_cast<unsigned char>(digits[i])));
    const size_t low = i + 1 < digits.size()
                           ? kDigits.find(absl::ascii_tolower(
                                 static_cast<unsigned char>(digits[i + 1])))
                           : absl::string_view::npos;
    if (high == absl::string_view::npos || low == absl::string_view::npos) {
      return "";
    }
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::optional<uint64_t> ByteReader::ReadBigEndian(size_t length) {
  const std::optional<absl::string_view> bytes = ReadBytes(length);
  if (!bytes.has_value()) {
    return std::nullopt;
  }
  uint64_t value = 0;
  for (const char byte : *bytes) {
    value = (value << 8) | static_cast<uint8_t>(byte);
  }
  return value;
}

std::optional<uint8_t> ByteReader::ReadUint8() {
  return NarrowTo<uint8_t>(ReadBigEndian(1));
}

std::optional<uint16_t> ByteReader::ReadUint16() {
  return NarrowTo<uint16_t>(ReadBigEndian(2));
}

std::optional<uint32_t> ByteReader::ReadUint32() {
  return NarrowTo<uint32_t>(ReadBigEndian(4));
}

std::optional<uint64_t> ByteReader::ReadUint64() { return ReadBigEndian(8); }

std::optional<absl::string_view> ByteReader::ReadBytes(size_t length) {
  if (rest_.size() < length) {
    return std::nullopt;
  }
  const absl::string_view bytes = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return bytes;
}

}  // namespace commonwage
