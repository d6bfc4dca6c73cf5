// SPDX-License-Identifier: Apache-2.0
#include "figures/request/resource_name.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::figures {
namespace {

using testing::HasReason;
using testing::StatusIs;

std::vector<std::string> Ids(size_t count) {
  std::vector<std::string> ids;
  for (size_t i = 0; i < count; ++i) {
    ids.push_back(absl::StrCat("survey.", i));
  }
  return ids;
}

TEST(ResourceNameTest, IsReadAsItWasWritten) {
  const auto id =
      ParseRoundName("rounds", "name", RoundName("rounds", "couriers.2026-q1"));
  ASSERT_OK(id);
  EXPECT_EQ(*id, "couriers.2026-q1");
}

TEST(ResourceNameTest, RefusesOtherNamesAndSaysWhichField) {
  for (const char* name :
       {"", "rounds", "rounds/", "releases/a.b", "a.b", "rounds/a.b/c",
        "rounds/a", "/rounds/a.b", "rounds/a b.c", "rounds/../x"}) {
    const auto id = ParseRoundName("rounds", "name", name);
    EXPECT_THAT(id, StatusIs(absl::StatusCode::kInvalidArgument)) << name;
    EXPECT_THAT(id, HasReason(Reason::kRequestFaulty)) << name;
    ASSERT_EQ(FaultsOf(id.status()).size(), 1U);
    EXPECT_EQ(FaultsOf(id.status())[0].place, "name");
  }
}

TEST(PageTest, WalksTheWholeListWithoutGapsOrRepeats) {
  const std::vector<std::string> ids = Ids(250);
  std::vector<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const auto page = PageOf(ids, 0, token);
    ASSERT_OK(page);
    for (size_t i = page->begin; i < page->end; ++i) {
      seen.push_back(ids[i]);
    }
    token = page->next_page_token;
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(pages, 3);
}

TEST(PageTest, HasAtMostAHundredEntries) {
  const auto page = PageOf(Ids(250), 1000, "");
  ASSERT_OK(page);
  EXPECT_EQ(page->end, 100U);
}

TEST(PageTest, IsTheLastOneWhenItFitsExactly) {
  const auto page = PageOf(Ids(10), 10, "");
  ASSERT_OK(page);
  EXPECT_EQ(page->end, 10U);
  EXPECT_EQ(page->next_page_token, "");
}

TEST(PageTest, OfAnEmptyListIsEmpty) {
  const auto page = PageOf({}, 10, "");
  ASSERT_OK(page);
  EXPECT_EQ(page->begin, page->end);
}

TEST(PageTest, RefusesNegativeSizesAndForeignTokens) {
  const std::vector<std::string> ids = Ids(3);
  const auto negative = PageOf(ids, -1, "");
  EXPECT_THAT(negative, HasReason(Reason::kRequestFaulty));
  EXPECT_EQ(FaultsOf(negative.status())[0].place, "page_size");
  const auto foreign = PageOf(ids, 0, "elsewhere");
  EXPECT_THAT(foreign, HasReason(Reason::kRequestFaulty));
  EXPECT_EQ(FaultsOf(foreign.status())[0].place, "page_token");
}

}  // namespace
}  // namespace commonwage::figures
