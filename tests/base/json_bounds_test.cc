// SPDX-License-Identifier: Apache-2.0
#include "base/json_bounds.h"

#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace commonwage {
namespace {

std::string Nested(size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonBoundsTest, DepthEndsAtTheBound) {
  EXPECT_FALSE(FindBeyondJsonBounds(Nested(kMaxJsonDepth)).has_value());
  EXPECT_EQ(FindBeyondJsonBounds(Nested(kMaxJsonDepth + 1)), kMaxJsonDepth);
  std::string objects;
  for (size_t i = 0; i <= kMaxJsonDepth; ++i) {
    absl::StrAppend(&objects, "{\"a\":");
  }
  EXPECT_TRUE(FindBeyondJsonBounds(objects).has_value());
}

TEST(JsonBoundsTest, BracketsInsideTextsDoNotCount) {
  EXPECT_FALSE(
      FindBeyondJsonBounds(absl::StrCat("{\"a\":\"", Nested(99), "\"}")));
  EXPECT_FALSE(FindBeyondJsonBounds("{\"\\\"" + Nested(99) + "\":1}"));
  // After a text that ends in an escaped backslash they count again.
  EXPECT_TRUE(FindBeyondJsonBounds("[\"\\\\\"," + Nested(99)));
}

TEST(JsonBoundsTest, TokensEndAtTheBound) {
  std::string commas(kMaxJsonTokens, ',');
  EXPECT_FALSE(FindBeyondJsonBounds(commas).has_value());
  commas.push_back(',');
  EXPECT_EQ(FindBeyondJsonBounds(commas), kMaxJsonTokens);
}

TEST(JsonBoundsTest, ClosingWithoutOpeningDoesNotBuyDepth) {
  EXPECT_TRUE(FindBeyondJsonBounds("]]]]]]]]]]]]]]]]]]" + Nested(17)));
}

}  // namespace
}  // namespace commonwage
