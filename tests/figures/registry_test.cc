// SPDX-License-Identifier: Apache-2.0
#include "figures/registry.h"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commonwage/v1/statistics.pb.h"
#include "privacy/estimate/estimate.h"
#include "privacy/model/marginal_view.h"
#include "survey/release.h"
#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::figures {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Descriptor& Asked() { return *v1::StatisticsSelection::descriptor(); }
const Descriptor& Told() { return *v1::CellFigures::descriptor(); }

// Asks for the statistic number `i`, and no other.
v1::StatisticsSelection Only(int i) {
  v1::StatisticsSelection asked;
  const FieldDescriptor* field = Asked().field(i);
  const Reflection& write = *asked.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      write.SetBool(&asked, field, true);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      write.AddDouble(&asked, field, 0.25);
      write.AddDouble(&asked, field, 0.5);
      break;
    default:
      write.AddInt64(&asked, field, 1350);
  }
  return asked;
}

// Every estimate in `message`, however deep.
std::vector<v1::Estimate> EstimatesIn(const Message& message) {
  std::vector<v1::Estimate> found;
  if (message.GetDescriptor() == v1::Estimate::descriptor()) {
    found.push_back(dynamic_cast<const v1::Estimate&>(message));
    return found;
  }
  const Reflection& read = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  read.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    }
    const int size = field->is_repeated() ? read.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const Message& part = field->is_repeated()
                                ? read.GetRepeatedMessage(message, field, i)
                                : read.GetMessage(message, field);
      for (const v1::Estimate& estimate : EstimatesIn(part)) {
        found.push_back(estimate);
      }
    }
  }
  return found;
}

class RegistryTest : public ::testing::Test {
 protected:
  v1::CellFigures Tell(const v1::StatisticsSelection& asked,
                       bool near_threshold) const {
    privacy::model::CellSum sum = *view_.AddUp({&kCell, 1});
    sum.near_threshold = near_threshold;
    return TellFigures(asked, {sum, view_.measure(), plan_.k, testing::Usual(),
                               kCell, nullptr});
  }

  size_t bins() const { return BinCount(view_.measure()); }

  static constexpr size_t kCell = 0;
  const Plan plan_ = testing::SamplePlan();
  const Release release_ =
      testing::QuietRelease(testing::ManifestOf(plan_), 1400);
  const privacy::model::MarginalView view_{plan_, release_, 0};
};

TEST_F(RegistryTest, EveryFieldOfTheReplyIsSomeStatisticsOrIsNone) {
  std::set<int> told = {v1::CellFigures::kNearThresholdFieldNumber};
  for (const Statistic& statistic : Statistics()) {
    EXPECT_TRUE(told.insert(statistic.told_in).second) << statistic.told_in;
    EXPECT_NE(Told().FindFieldByNumber(statistic.told_in), nullptr);
  }
  EXPECT_THAT(told, SizeIs(static_cast<size_t>(Told().field_count())));
}

TEST_F(RegistryTest, AStatisticIsToldUnderTheNameItIsAskedFor) {
  const std::vector<Statistic> statistics = Statistics();
  ASSERT_THAT(statistics, SizeIs(static_cast<size_t>(Asked().field_count())));
  for (int i = 0; i < Asked().field_count(); ++i) {
    const int told_in = statistics[static_cast<size_t>(i)].told_in;
    EXPECT_EQ(Told().FindFieldByNumber(told_in)->name(),
              Asked().field(i)->name());
  }
}

TEST_F(RegistryTest, TellsWhatIsAskedForAsManyFiguresAsItCountsAndNoMore) {
  for (int i = 0; i < Asked().field_count(); ++i) {
    const v1::CellFigures told = Tell(Only(i), false);
    std::vector<const FieldDescriptor*> set;
    told.GetReflection()->ListFields(told, &set);
    ASSERT_THAT(set, SizeIs(1)) << Asked().field(i)->name();
    EXPECT_EQ(set[0]->name(), Asked().field(i)->name());
    EXPECT_THAT(EstimatesIn(told), SizeIs(FiguresPerCell(Only(i), bins())))
        << Asked().field(i)->name();
  }
}

TEST_F(RegistryTest, NothingAskedForIsNothingTold) {
  EXPECT_EQ(FiguresPerCell({}, bins()), 0U);
  EXPECT_THAT(EstimatesIn(Tell({}, true)), IsEmpty());
}

TEST_F(RegistryTest, NearTheThresholdEveryFigureIsGreyAndElseTheSame) {
  for (int i = 0; i < Asked().field_count(); ++i) {
    const v1::CellFigures grey = Tell(Only(i), true);
    EXPECT_TRUE(grey.near_threshold());
    const std::vector<v1::Estimate> usual = EstimatesIn(Tell(Only(i), false));
    std::vector<v1::Estimate> near = EstimatesIn(grey);
    ASSERT_EQ(near.size(), usual.size());
    for (size_t j = 0; j < near.size(); ++j) {
      EXPECT_EQ(near[j].quality(), v1::QUALITY_POOR);
      near[j].set_quality(usual[j].quality());
      EXPECT_EQ(near[j].SerializeAsString(), usual[j].SerializeAsString());
    }
  }
}

}  // namespace
}  // namespace commonwage::figures
