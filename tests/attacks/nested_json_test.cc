// SPDX-License-Identifier: Apache-2.0
// A file or a call that is nothing but brackets: it must be refused at once,
// not after minutes of parsing. Time is the processor's, and is compared with
// that of protobuf's parser alone, which is what reading such a text took
// before anybody counted its brackets.

#include <ctime>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include <gtest/gtest.h>

#include "client/receipt_check.h"
#include "survey/manifest.h"
#include "survey/plan/plan_json.h"

namespace commonwage {
namespace {

constexpr size_t kBrackets = 64'000;

std::string Repeated(absl::string_view text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) {
    absl::StrAppend(&repeated, text);
  }
  return repeated;
}

// Deep texts, closed and not, of each kind.
std::vector<std::string> Hostile(size_t brackets) {
  return {
      "{\"a\":" + std::string(brackets, '[') + std::string(brackets, ']') + "}",
      Repeated("{\"a\":", brackets) + "1" + std::string(brackets, '}'),
      std::string(brackets, '['), Repeated("[{\"a\":", brackets / 2)};
}

template <typename Work>
double ProcessorSecondsOf(const Work& work) {
  const std::clock_t before = std::clock();
  work();
  return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

// What the parser does with an eighth of the brackets.
double ProtobufsSeconds() {
  return ProcessorSecondsOf([] {
    for (const std::string& text : Hostile(kBrackets / 8)) {
      google::protobuf::Struct parsed;
      const auto status =
          google::protobuf::util::JsonStringToMessage(text, &parsed);
      static_cast<void>(status);
    }
  });
}

TEST(NestedJsonTest, BracketsAreRefusedBeforeAnythingRecursiveSeesThem) {
  const double unguarded = ProtobufsSeconds();
  const auto expect_refused_at_once = [&](const char* what, const auto& read) {
    const double seconds = ProcessorSecondsOf([&] {
      for (const std::string& text : Hostile(kBrackets)) {
        EXPECT_FALSE(read(text)) << what;
      }
    });
    EXPECT_LT(seconds, unguarded / 4) << what;
  };
  expect_refused_at_once(
      "plan", [](const std::string& text) { return ParsePlan(text).ok(); });
  expect_refused_at_once("manifest", [](const std::string& text) {
    return ParseManifest(text).ok();
  });
  expect_refused_at_once("receipt file", [](const std::string& text) {
    return client::ReadReceiptFile(text).ok();
  });
}

}  // namespace
}  // namespace commonwage
