// SPDX-License-Identifier: Apache-2.0
// The databases of online host and steward as they were on the day their
// schemas were fixed: tables, columns, indexes, triggers, comments, the number
// of steps, and how SQLCipher encrypts them. A schema changes by another step,
// and then its file here changes with it; a step that was released is never
// edited, so the earlier lines of a file stay. How it is encrypted never
// changes.

#include <gtest/gtest.h>

#include "storage/catalogue/catalogue.h"
#include "storage/inbox/inbox_rows.h"
#include "storage/vault/vault.h"
#include "tests/golden/schema_dump.h"
#include "tests/testing/golden.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::storage {
namespace {

using testing::Golden;
using testing::SampleKey;

class GoldenSchemaTest : public testing::SchemaDump {};

TEST_F(GoldenSchemaTest, TheCatalogueIsAsEver) {
  ASSERT_OK(Catalogue::Open(path_, SampleKey(1), ToCreate()));
  EXPECT_EQ(Dump(), Golden("catalogue.sql"));
}

TEST_F(GoldenSchemaTest, TheInboxIsAsEver) {
  ASSERT_OK(InboxRows::Open(path_, SampleKey(1), ToCreate()));
  EXPECT_EQ(Dump(), Golden("inbox.sql"));
}

TEST_F(GoldenSchemaTest, TheVaultIsAsEver) {
  testing::SeededRandom random(1);
  ASSERT_OK(Vault::OpenDatabase(path_, SampleKey(1), random, ToCreate()));
  EXPECT_EQ(Dump(), Golden("vault.sql"));
}

}  // namespace
}  // namespace commonwage::storage
