// SPDX-License-Identifier: Apache-2.0
// The parsers of bytes from outside, as fuzzers and tests drive them: whatever
// the bytes, a value or a clean refusal.

#ifndef COMMONWAGE_TESTS_FUZZ_PARSERS_H_
#define COMMONWAGE_TESTS_FUZZ_PARSERS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace commonwage::testing {

struct FuzzedParser {
  std::string name;  // Of a program of tests/fuzz, too.
  std::string good;  // Bytes that it accepts.
  // Reads the bytes; aborts if what was read breaks the parser's word.
  std::function<absl::Status(absl::string_view)> parse;
  bool is_slow = false;  // Thousands of bytes take long.
};

// Returns all of them.
std::vector<FuzzedParser> FuzzedParsers();

// Whether a parser may end so: well, or with INVALID_ARGUMENT, a reason and a
// sentence.
bool IsCleanOutcome(const absl::Status& status);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_FUZZ_PARSERS_H_
