// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/parent_cells.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::privacy::model {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The sample plan with other tables of its dimensions, a third one, and a
// second measure.
class ParentCellsTest : public ::testing::Test {
 protected:
  ParentCellsTest() : plan_(commonwage::testing::SamplePlan()) {
    plan_.dimensions.push_back({"age", {"young", "old"}});
    plan_.measures.push_back(plan_.measures.front());
    plan_.measures.back().id = "tips";
    plan_.marginals.clear();
  }

  void AddTable(const std::vector<std::string>& by,
                const std::string& measure = "hourly_pay") {
    plan_.marginals.push_back({"table" + std::to_string(plan_.marginals.size()),
                               measure,
                               by,
                               Mechanism::kDiscreteGaussian,
                               {4, 4},
                               {50000, 50000, 50000}});
  }

  void MakeViews() {
    // Parents are a matter of the plan: nothing is shown.
    release_.marginals.resize(plan_.marginals.size());
    for (size_t m = 0; m < plan_.marginals.size(); ++m) {
      views_.emplace_back(plan_, release_, m);
    }
  }

  std::vector<size_t> ParentsOf(size_t index) const {
    std::vector<size_t> indexes;
    for (const ParentTable& parent : FindParentTables(views_, index)) {
      indexes.push_back(parent.index());
    }
    return indexes;
  }

  Plan plan_;
  Release release_;
  std::vector<MarginalView> views_;
};

TEST_F(ParentCellsTest, AreTablesWithFewerOfTheDimensions) {
  AddTable({"platform", "region", "age"});
  AddTable({"age", "platform"});
  AddTable({"region"});
  AddTable({"platform"}, "tips");
  AddTable({"platform", "age"});  // Again, in another order.
  AddTable({"platform"});
  MakeViews();
  EXPECT_THAT(ParentsOf(0), ElementsAre(1, 2, 5));
  EXPECT_THAT(ParentsOf(1), ElementsAre(5));
  EXPECT_THAT(ParentsOf(2), IsEmpty());
  EXPECT_THAT(ParentsOf(3), IsEmpty());
}

TEST_F(ParentCellsTest, TheTableOfEverybodySaysNothingOfAnyCell) {
  AddTable({"region"});
  AddTable({});
  MakeViews();
  EXPECT_THAT(ParentsOf(0), IsEmpty());
  EXPECT_THAT(ParentsOf(1), IsEmpty());
}

TEST_F(ParentCellsTest, ACellIsPartOfTheCellWithItsValuesInAnyOrder) {
  AddTable({"platform", "region", "age"});
  AddTable({"age", "platform"});
  MakeViews();
  const std::vector<ParentTable> parents = FindParentTables(views_, 0);
  ASSERT_EQ(parents.size(), 1U);
  EXPECT_EQ(parents[0].dimensions(), 2U);
  const std::vector<size_t> values = {3, 2, 1};  // Undisclosed, so, old.
  const std::vector<size_t> over = {1, 3};
  EXPECT_EQ(parents[0].CellOver(values), views_[1].cells().CellOf(over));
}

}  // namespace
}  // namespace commonwage::privacy::model
