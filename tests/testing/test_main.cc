// SPDX-License-Identifier: Apache-2.0
// The main of a folder's tests. From the root of the source tree:
//
//   client_tests                               runs all cases
//   client_tests tests/client/verify_test.cc   those of that file, or of
//   several
//
// GoogleTest's options are as everywhere; a filter among them overrules the
// files. Exits with 1 if a case fails, and with 2 if a file that is named has
// none.

#include <cstdio>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

// GoogleTest's filter for all cases of a file, empty if it has none.
std::string CasesOf(const std::string& file) {
  const ::testing::UnitTest& all = *::testing::UnitTest::GetInstance();
  std::string filter;
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const ::testing::TestSuite& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      const ::testing::TestInfo& test = *suite.GetTestInfo(j);
      // It begins as the compiler was told to call the tree.
      if (absl::EndsWith(test.file(), "/" + file)) {
        absl::StrAppend(&filter, suite.name(), ".", test.name(), ":");
      }
    }
  }
  return filter;
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  std::string filter;
  for (int i = 1; i < argc; ++i) {
    const std::string cases = CasesOf(argv[i]);
    if (cases.empty()) {
      std::fprintf(stderr, "no test is of %s\n", argv[i]);
      return 2;
    }
    filter += cases;
  }
  if (argc > 1 && GTEST_FLAG_GET(filter) == "*") {
    GTEST_FLAG_SET(filter, filter);
  }
  return RUN_ALL_TESTS();
}
