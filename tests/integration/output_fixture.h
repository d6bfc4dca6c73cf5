// SPDX-License-Identifier: Apache-2.0
// What the tests of all commands that write a file share.

#ifndef COMMONWAGE_TESTS_INTEGRATION_OUTPUT_FIXTURE_H_
#define COMMONWAGE_TESTS_INTEGRATION_OUTPUT_FIXTURE_H_

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/output_commands.h"
#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/temp_directory.h"

namespace commonwage {

inline constexpr char kOld[] = "precious";
// No path of anything else has this in it.
inline constexpr char kMarker[] = "marked-place";
inline constexpr char kUnfinished[] = ".commonwage-unfinished";

inline Arguments Forced(Arguments arguments) {
  arguments.emplace_back("--force");
  return arguments;
}

inline bool IsRoot() { return geteuid() == 0; }

// A row of the table: a command, and the place that it is to write at.
class OutputFixture : public ::testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() { world = new OutputWorld(); }
  static void TearDownTestSuite() {
    delete world;
    world = nullptr;
  }

  void SetUp() override { std::filesystem::create_directory(marked_); }

  [[nodiscard]] testing::ProgramResult Write() const {
    return testing::RunProgram(command_.write(place_));
  }
  // Writes what is there to be written, whatever was written before.
  [[nodiscard]] testing::ProgramResult WriteForced() const {
    testing::ProgramResult result =
        testing::RunProgram(Forced(command_.write(place_)));
    return result.exit_code == 0 || command_.again == nullptr
               ? result
               : testing::RunProgram(Forced(command_.again(place_)));
  }

  static void PutOld(const std::string& path) { std::ofstream(path) << kOld; }

  // That somebody is told what to do about a file that is there.
  static void ExpectRefusal(const testing::ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 1) << result.out;
    EXPECT_THAT(result.err, ::testing::HasSubstr("--force"));
  }

  static std::vector<std::string> LeftIn(const std::string& directory) {
    std::vector<std::string> left;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      const std::string name = entry.path().filename().string();
      if (absl::EndsWith(name, kUnfinished)) {
        left.push_back(name);
      }
    }
    return left;
  }
  // That nothing but what is asked for lies beside the place.
  void ExpectTidy() const {
    EXPECT_THAT(LeftIn(marked_), ::testing::IsEmpty());
  }

  void ExpectReplaced(const std::string& path) const {
    const testing::ProgramResult forced = WriteForced();
    EXPECT_EQ(forced.exit_code, 0) << forced.err;
    const std::string content = testing::FileContents(path).value_or("");
    EXPECT_GT(content.size(), 10U);
    EXPECT_NE(content, kOld);
    ExpectTidy();
  }

  static inline OutputWorld* world = nullptr;
  OutputCommand command_ = world->Command(GetParam());
  testing::TempDirectory directory_;
  const std::string marked_ = directory_.File(kMarker);
  const std::string place_ = absl::StrCat(marked_, "/", command_.file);
  const std::string target_ = directory_.File("target");
};

inline std::string NameOfRow(const ::testing::TestParamInfo<std::string>& row) {
  return row.param;
}

}  // namespace commonwage

#endif  // COMMONWAGE_TESTS_INTEGRATION_OUTPUT_FIXTURE_H_
