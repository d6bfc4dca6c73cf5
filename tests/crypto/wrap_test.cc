// SPDX-License-Identifier: Apache-2.0
#include "crypto/wrap.h"

#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/crypto/fixed_random.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::crypto {
namespace {

using testing::HasReason;
using testing::SeededRandom;
using testing::StatusIs;

TEST(WrapTest, AgreesWithTheDraftOfXChaCha20Poly1305) {
  // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
  FixedRandom random(
      HexToBytes("404142434445464748494a4b4c4d4e4f5051525354555657"));
  const Secret<32> key = *Secret<32>::From(HexToBytes(
      "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"));
  EXPECT_EQ(
      absl::BytesToHexString(
          Wrap(key, HexToBytes("50515253c0c1c2c3c4c5c6c7"),
               "Ladies and Gentlemen of the class of '99: If I could offer you "
               "only one tip for the future, sunscreen would be it.",
               random)),
      "404142434445464748494a4b4c4d4e4f5051525354555657"
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
      "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
      "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
      "21f9664c97637da9768812f615c68b13b52e"
      "c0875924c1c7987947deafd8780acf49");
  EXPECT_EQ(random.left(), 0U);
}

TEST(WrapTest, UnwrapsWhatWasWrapped) {
  SeededRandom random(1);
  const Secret<32> key = Secret<32>::Random(random);
  for (const std::string& plaintext :
       {std::string(), std::string("k"), std::string(5000, 'k')}) {
    const std::string wrapped = Wrap(key, "aad", plaintext, random);
    EXPECT_EQ(wrapped.size(), plaintext.size() + kWrapOverhead);
    const absl::StatusOr<SecretBytes> unwrapped = Unwrap(key, "aad", wrapped);
    ASSERT_OK(unwrapped);
    EXPECT_EQ(unwrapped->ExposeText(), plaintext);
  }
}

TEST(WrapTest, DrawsANewNonceEveryTime) {
  SeededRandom random(2);
  const Secret<32> key = Secret<32>::Random(random);
  EXPECT_NE(Wrap(key, "aad", "secret", random).substr(0, 24),
            Wrap(key, "aad", "secret", random).substr(0, 24));
}

TEST(WrapTest, RefusesWhateverIsNotTheSame) {
  SeededRandom random(3);
  const Secret<32> key = Secret<32>::Random(random);
  const std::string wrapped = Wrap(key, "aad", "secret", random);
  const absl::StatusOr<SecretBytes> other_key =
      Unwrap(Secret<32>::Random(random), "aad", wrapped);
  EXPECT_THAT(other_key, HasReason(Reason::kUnwrapFailed));
  EXPECT_THAT(other_key, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Unwrap(key, "aae", wrapped), HasReason(Reason::kUnwrapFailed));
  EXPECT_THAT(Unwrap(key, "", wrapped), HasReason(Reason::kUnwrapFailed));
  EXPECT_THAT(Unwrap(key, "aad", wrapped + "x"),
              HasReason(Reason::kUnwrapFailed));
  for (size_t size = 0; size < wrapped.size(); ++size) {
    EXPECT_THAT(Unwrap(key, "aad", wrapped.substr(0, size)),
                HasReason(Reason::kUnwrapFailed));
  }
  for (size_t bit = 0; bit < 8 * wrapped.size(); ++bit) {
    std::string altered = wrapped;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(Unwrap(key, "aad", altered), HasReason(Reason::kUnwrapFailed));
  }
}

}  // namespace
}  // namespace commonwage::crypto
