// SPDX-License-Identifier: Apache-2.0
// Formats as they were on the day they were fixed. A test that fails on one
// means that what exists would no longer be understood: do not regenerate the
// file, raise the format's version instead. See tests/golden/README.md.

#ifndef COMMONWAGE_TESTS_TESTING_GOLDEN_H_
#define COMMONWAGE_TESTS_TESTING_GOLDEN_H_

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "tests/testing/shared_files.h"

namespace commonwage::testing {

// Returns a file of tests/golden, which is part of the tree.
inline std::string Golden(absl::string_view name) {
  const std::optional<std::string> contents =
      FileContents(absl::StrCat("tests/golden/", name));
  EXPECT_TRUE(contents.has_value()) << name;
  return contents.value_or("");
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_GOLDEN_H_
