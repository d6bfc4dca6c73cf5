// SPDX-License-Identifier: Apache-2.0
// The format of a database as text.

#ifndef COMMONWAGE_TESTS_GOLDEN_SCHEMA_DUMP_H_
#define COMMONWAGE_TESTS_GOLDEN_SCHEMA_DUMP_H_

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/statement.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

// Makes a database at `path_` and shows everything of its format: settings as
// comments, then the statements that make it.
class SchemaDump : public ::testing::Test {
 protected:
  static storage::OpenOptions ToCreate() {
    storage::OpenOptions options;
    options.create = true;
    return options;
  }

  // Appends the first column of each row of `sql`.
  static void Append(storage::Database& database, absl::string_view sql,
                     absl::string_view end, std::string& dump) {
    absl::StatusOr<storage::Statement> rows = database.Prepare(sql);
    ASSERT_OK(rows);
    for (auto row = rows->Step(); row.ok() && *row; row = rows->Step()) {
      absl::StrAppend(&dump, rows->Text(0), end);
    }
  }

  std::string Dump() {
    absl::StatusOr<storage::Database> database =
        storage::Database::Open(path_, SampleKey(1));
    EXPECT_OK(database);
    std::string dump;
    Append(*database,
           "SELECT '-- steps: ' || user_version FROM pragma_user_version", "\n",
           dump);
    Append(*database, "SELECT '-- encoding: ' || encoding FROM pragma_encoding",
           "\n", dump);
    Append(*database, "PRAGMA cipher_settings", "\n", dump);
    Append(*database,
           "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL "
           "ORDER BY type DESC, name",
           ";\n", dump);
    return dump;
  }

  TempDirectory directory_;
  const std::filesystem::path path_ = directory_.File("database");
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_GOLDEN_SCHEMA_DUMP_H_
