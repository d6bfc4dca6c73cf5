// SPDX-License-Identifier: Apache-2.0
// The union office's database, as schema_test.cc has the others: apart, since
// no program opens both sides.

#include <gtest/gtest.h>

#include "storage/members/member_roll.h"
#include "tests/golden/schema_dump.h"
#include "tests/testing/golden.h"

namespace commonwage::storage {
namespace {

using testing::Golden;
using testing::SampleKey;

class GoldenRollSchemaTest : public testing::SchemaDump {};

TEST_F(GoldenRollSchemaTest, TheRollIsAsEver) {
  ASSERT_OK(MemberRoll::Open(path_, SampleKey(1), ToCreate()));
  EXPECT_EQ(Dump(), Golden("roll.sql"));
}

}  // namespace
}  // namespace commonwage::storage
