// SPDX-License-Identifier: Apache-2.0
// A libFuzzer program for the parser that COMMONWAGE_FUZZED_PARSER names. Run
// it with directories of samples; the first gets what it finds.

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

#include "base/check.h"
#include "tests/fuzz/parsers.h"

namespace {

const commonwage::testing::FuzzedParser& Parser() {
  static const auto& parser = *[] {
    for (const auto& each : commonwage::testing::FuzzedParsers()) {
      if (each.name == COMMONWAGE_FUZZED_PARSER) {
        COMMONWAGE_CHECK(each.parse(each.good).ok());
        return new commonwage::testing::FuzzedParser(each);
      }
    }
    COMMONWAGE_CHECK(false && "there is no such parser");
    return static_cast<commonwage::testing::FuzzedParser*>(nullptr);
  }();
  return parser;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  COMMONWAGE_CHECK(commonwage::testing::IsCleanOutcome(Parser().parse(bytes)));
  return 0;
}
