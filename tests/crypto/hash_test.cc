// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"

#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

namespace commonwage::crypto {
namespace {

std::string Hex(const Digest& digest) {
  return absl::BytesToHexString(digest.view());
}

TEST(Sha256Test, PutsTheLabelInFront) {
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(Hex(Sha256("", "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256("label", "bytes")),
            "42586a5893ff5f15c7fe0baa79b1bc9f0a9d15c04c106040fa667839b78a644b");
  EXPECT_EQ(Sha256("label", "bytes"), Sha256("", "labelbytes"));
}

TEST(Sha256Test, GivesTheSameInOneGoAndInPieces) {
  Sha256Stream stream("label");
  EXPECT_EQ(stream.Finish(), Sha256("label", ""));
  stream.Update("by");
  stream.Update("");
  EXPECT_EQ(stream.Finish(), Sha256("label", "by"));
  stream.Update("tes");
  EXPECT_EQ(stream.Finish(), Sha256("label", "bytes"));
}

}  // namespace
}  // namespace commonwage::crypto
