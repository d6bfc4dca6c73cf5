// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <string>

#include <gtest/gtest.h>

namespace commonwage {
namespace {

TEST(BytesTest, PutsTheMostSignificantByteFirst) {
  std::string out;
  AppendUint16(out, 0x0102);
  AppendUint32(out, 0x03040506);
  AppendUint64(out, 0x0708090a0b0c0d0e);
  EXPECT_EQ(out, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e");
}

TEST(BytesTest, ReadsBackWhatWasAppended) {
  std::string out;
  out.push_back('\xff');
  AppendUint16(out, 65535);
  AppendUint32(out, 4294967295U);
  AppendUint64(out, 18446744073709551615U);
  out += "rest";
  ByteReader reader(out);
  EXPECT_EQ(reader.ReadUint8(), 255);
  EXPECT_EQ(reader.ReadUint16(), 65535);
  EXPECT_EQ(reader.ReadUint32(), 4294967295U);
  EXPECT_EQ(reader.ReadUint64(), 18446744073709551615U);
  EXPECT_EQ(reader.ReadBytes(3), "res");
  EXPECT_EQ(reader.rest(), "t");
}

TEST(BytesTest, AReadThatIsTooLongMovesNothing) {
  ByteReader reader("\x01\x02\x03");
  EXPECT_EQ(reader.ReadUint32(), std::nullopt);
  EXPECT_EQ(reader.ReadBytes(4), std::nullopt);
  EXPECT_EQ(reader.rest().size(), 3U);
  EXPECT_EQ(reader.ReadUint16(), 0x0102);
  EXPECT_EQ(reader.ReadUint16(), std::nullopt);
  EXPECT_EQ(reader.ReadUint8(), 3);
  EXPECT_EQ(reader.ReadUint8(), std::nullopt);
}

TEST(BytesTest, ReadsHexadecimalDigitsOfEitherCase) {
  EXPECT_EQ(HexToBytes("00fFA9"), std::string("\0\xff\xa9", 3));
  EXPECT_EQ(HexToBytes(""), "");
  for (const char* malformed : {"0", "0g", "g0", "123", " 12", "1 2"}) {
    EXPECT_EQ(HexToBytes(malformed), "");
  }
}

}  // namespace
}  // namespace commonwage
