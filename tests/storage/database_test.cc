// SPDX-License-Identifier: Apache-2.0
#include "storage/database.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "storage/migrations.h"
#include "storage/statement.h"
#include "storage/transaction.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::SampleKey;
using testing::StatusIs;

std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class DatabaseTest : public ::testing::Test {
 protected:
  absl::StatusOr<Database> Create() {
    OpenOptions options;
    options.create = true;
    return Database::Open(path_, SampleKey(1), options);
  }
  absl::StatusOr<Database> Open() {
    return Database::Open(path_, SampleKey(1));
  }
  // Makes a database with one row and closes it.
  void CreateWithOneRow() {
    absl::StatusOr<Database> database = Create();
    ASSERT_OK(database);
    ASSERT_OK(database->Execute(
        "CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('plaintext-needle')"));
  }
  std::string TextOf(Database& database, const std::string& sql) {
    absl::StatusOr<Statement> statement = database.Prepare(sql);
    EXPECT_OK(statement);
    EXPECT_TRUE(statement->Step().value());
    return std::string(statement->Text(0));
  }

  testing::TempDirectory directory_;
  std::string path_ = directory_.File("a.db");
};

TEST_F(DatabaseTest, KeepsRowsAndHidesThem) {
  CreateWithOneRow();
  absl::StatusOr<Database> database = Open();
  ASSERT_OK(database);
  EXPECT_EQ(TextOf(*database, "SELECT x FROM t"), "plaintext-needle");
  const std::string bytes = BytesOf(path_) + BytesOf(path_ + "-wal");
  EXPECT_GE(bytes.size(), 8192U);
  EXPECT_EQ(bytes.find("plaintext-needle"), std::string::npos);
  EXPECT_EQ(bytes.find("SQLite format 3"), std::string::npos);
  EXPECT_EQ(bytes.find("CREATE TABLE"), std::string::npos);
}

TEST_F(DatabaseTest, NobodyElseMayReadItsFiles) {
  absl::StatusOr<Database> database = Create();
  ASSERT_OK(database);
  ASSERT_OK(database->Execute("CREATE TABLE t (x)"));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat about {};
    ASSERT_EQ(stat((path_ + suffix).c_str(), &about), 0) << suffix;
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST_F(DatabaseTest, AppliesEverySetting) {
  absl::StatusOr<Database> database = Create();
  ASSERT_OK(database);
  EXPECT_EQ(TextOf(*database, "PRAGMA cipher_version").substr(0, 2), "4.");
  EXPECT_EQ(TextOf(*database, "PRAGMA journal_mode"), "wal");
  const std::array<std::pair<const char*, int64_t>, 8> expected = {{
      {"PRAGMA cipher_page_size", 8192},
      {"PRAGMA page_size", 8192},
      {"PRAGMA synchronous", 2},
      {"PRAGMA temp_store", 2},
      {"PRAGMA foreign_keys", 1},
      {"PRAGMA trusted_schema", 0},
      {"PRAGMA secure_delete", 1},
      {"PRAGMA busy_timeout", 10000},
  }};
  for (const auto& [pragma, value] : expected) {
    EXPECT_EQ(std::stoll(TextOf(*database, pragma)), value) << pragma;
  }
}

TEST_F(DatabaseTest, DoesNotOpenWithAnotherKeyAndChangesNothing) {
  CreateWithOneRow();
  const std::string before = BytesOf(path_);
  const absl::Status status = Database::Open(path_, SampleKey(2)).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(status, HasReason(Reason::kDatabaseKeyWrong));
  EXPECT_EQ(BytesOf(path_), before);
  EXPECT_OK(Open());
}

TEST_F(DatabaseTest, DoesNotOpenWhatIsNotEncrypted) {
  std::string plain("SQLite format 3\0\x10\0\1\1\0@  ", 24);
  plain.resize(4096);
  WriteBytes(path_, plain);
  for (const absl::Status& status : {Open().status(), Create().status()}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(status, HasReason(Reason::kDatabaseNotEncrypted));
  }
  EXPECT_EQ(BytesOf(path_), plain);
}

TEST_F(DatabaseTest, DoesNotOpenWhatIsNoDatabase) {
  const std::string noise = testing::SampleBytes(3, 20000);
  WriteBytes(path_, noise);
  EXPECT_THAT(Create(), HasReason(Reason::kDatabaseKeyWrong));
  EXPECT_EQ(BytesOf(path_), noise);
}

TEST_F(DatabaseTest, IsMadeOnlyIfThatIsAsked) {
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Open(), HasReason(Reason::kDatabaseMissing));
  EXPECT_FALSE(std::filesystem::exists(path_));
  WriteBytes(path_, "");
  EXPECT_THAT(Open(), HasReason(Reason::kDatabaseMissing));
  EXPECT_OK(Create());
  EXPECT_OK(Open());
}

TEST_F(DatabaseTest, SaysSoIfItsDirectoryIsMissing) {
  path_ = directory_.File("missing/a.db");
  EXPECT_THAT(Create(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Create(), HasReason(Reason::kFileNotFound));
}

TEST_F(DatabaseTest, AReadOnlyDiskIsCalledThat) {
  const std::string disk = directory_.File("disk");
  std::filesystem::create_directory(disk);
  if (geteuid() != 0 || mount("none", disk.c_str(), "tmpfs", 0, "") != 0) {
    GTEST_SKIP() << "SKIPPED: only root can mount a disk";
  }
  path_ = disk + "/a.db";
  EXPECT_OK(Create());
  EXPECT_EQ(mount("none", disk.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, ""),
            0);
  EXPECT_THAT(Open(), HasReason(Reason::kDiskReadOnly));
  umount2(disk.c_str(), MNT_DETACH);
}

TEST_F(DatabaseTest, TellsADamagedPageFromAWrongKey) {
  {
    absl::StatusOr<Database> database = Create();
    ASSERT_OK(database);
    ASSERT_OK(database->Execute(
        "CREATE TABLE t (x BLOB);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT "
        "200) INSERT INTO t SELECT randomblob(1000) FROM n"));
  }
  std::string bytes = BytesOf(path_);
  bytes[8192 * 10 + 100] = static_cast<char>(bytes[8192 * 10 + 100] ^ 1);
  WriteBytes(path_, bytes);
  absl::StatusOr<Database> database = Open();
  ASSERT_OK(database);
  const absl::Status status =
      database->QueryInt64("SELECT sum(length(x)) FROM t").status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(status, HasReason(Reason::kDatabaseDamaged));
}

TEST_F(DatabaseTest, ChangesItsDataVersionOnlyWhenAnotherCommits) {
  CreateWithOneRow();
  absl::StatusOr<Database> mine = Open();
  absl::StatusOr<Database> other = Open();
  ASSERT_OK(mine);
  ASSERT_OK(other);
  const int64_t before = mine->DataVersion().value();
  ASSERT_OK(mine->Execute("INSERT INTO t VALUES ('mine')"));
  EXPECT_EQ(mine->DataVersion().value(), before);
  ASSERT_OK(other->Execute("INSERT INTO t VALUES ('other')"));
  EXPECT_NE(mine->DataVersion().value(), before);
}

// Whether another process would find SQLite's shared lock on the file: without
// it, that process would take itself for the last user and remove the log.
bool OthersSeeTheLock(const std::string& path) {
  constexpr off_t kSharedFirst = 0x40000002;
  constexpr off_t kSharedSize = 510;
  const pid_t child = fork();
  if (child == 0) {
    struct flock wanted {};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    wanted.l_start = kSharedFirst;
    wanted.l_len = kSharedSize;
    const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
    const bool asked =
        descriptor >= 0 && fcntl(descriptor, F_GETLK, &wanted) == 0;
    _exit(asked && wanted.l_type != F_UNLCK ? 0 : 1);
  }
  int state = 0;
  EXPECT_EQ(waitpid(child, &state, 0), child);
  return WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

TEST_F(DatabaseTest, OpeningASecondTimeLeavesTheFirstItsLocks) {
  CreateWithOneRow();
  EXPECT_FALSE(OthersSeeTheLock(path_));
  absl::StatusOr<Database> first = Open();
  ASSERT_OK(first);
  EXPECT_TRUE(OthersSeeTheLock(path_));
  ASSERT_OK(Open());
  EXPECT_TRUE(OthersSeeTheLock(path_));
}

// Run by the next test in a process of its own: comes, reads and goes.
TEST(DatabaseChildTest, DISABLED_ReadsADatabase) {
  const char* path = std::getenv("COMMONWAGE_TEST_DATABASE");
  ASSERT_NE(path, nullptr);
  absl::StatusOr<Database> database = Database::Open(path, SampleKey(1));
  ASSERT_OK(database);
  EXPECT_EQ(database->QueryInt64("SELECT count(*) FROM t").value(), 2);
}

// The last to leave removes the log, and finds out by locks who is left. A
// process must not lose its own by opening the same file once more.
TEST_F(DatabaseTest, AnotherProcessThatComesAndGoesTakesNothingAway) {
  CreateWithOneRow();
  absl::StatusOr<Database> mine = Open();
  ASSERT_OK(mine);
  ASSERT_OK(mine->Execute("INSERT INTO t VALUES ('in the log')"));
  ASSERT_OK(Open());
  ASSERT_OK(Create());
  const std::string child = "COMMONWAGE_TEST_DATABASE=" + path_ + " /proc/" +
                            std::to_string(getpid()) +
                            "/exe --gtest_also_run_disabled_tests "
                            "--gtest_filter=DatabaseChildTest.* > /dev/null";
  ASSERT_EQ(std::system(child.c_str()), 0);
  EXPECT_TRUE(std::filesystem::exists(path_ + "-wal"));
  ASSERT_OK(mine->Execute("DELETE FROM t; INSERT INTO t VALUES (1), (2)"));
  ASSERT_EQ(std::system(child.c_str()), 0);
}

TEST_F(DatabaseTest, SaysSoWhenAnotherWriterKeepsItTooLong) {
  CreateWithOneRow();
  OpenOptions impatient;
  impatient.busy_timeout = absl::Milliseconds(1);
  absl::StatusOr<Database> mine =
      Database::Open(path_, SampleKey(1), impatient);
  absl::StatusOr<Database> other = Open();
  ASSERT_OK(mine);
  ASSERT_OK(other);
  absl::StatusOr<Transaction> held = Transaction::Begin(*other);
  ASSERT_OK(held);
  EXPECT_THAT(Transaction::Begin(*mine),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Transaction::Begin(*mine), HasReason(Reason::kDatabaseBusy));
  EXPECT_OK(mine->QueryInt64("SELECT count(*) FROM t"));
}

TEST_F(DatabaseTest, UndoesATransactionThatWasNotCommitted) {
  CreateWithOneRow();
  absl::StatusOr<Database> database = Open();
  ASSERT_OK(database);
  {
    const absl::StatusOr<Transaction> transaction =
        Transaction::Begin(*database);
    ASSERT_OK(transaction);
    ASSERT_OK(database->Execute("DELETE FROM t"));
  }
  EXPECT_FALSE(database->InTransaction());
  EXPECT_EQ(database->QueryInt64("SELECT count(*) FROM t").value(), 1);
}

TEST_F(DatabaseTest, NeverRepeatsSqlOrValuesInErrors) {
  absl::StatusOr<Database> database = Create();
  ASSERT_OK(database);
  const absl::Status status = database->Execute("SELECT needle FROM haystack");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(status, HasReason(Reason::kDatabaseMisused));
  EXPECT_EQ(std::string(status.message()).find("haystack"), std::string::npos);
}

TEST_F(DatabaseTest, BindsEmptyBytesAsBytesAndNotAsNull) {
  absl::StatusOr<Database> database = Create();
  ASSERT_OK(database);
  ASSERT_OK(database->Execute("CREATE TABLE t (b BLOB NOT NULL) STRICT"));
  absl::StatusOr<Statement> insert =
      database->Prepare("INSERT INTO t VALUES (?)");
  ASSERT_OK(insert);
  EXPECT_OK(insert->BindBlob(1, absl::string_view()).Run());
  EXPECT_EQ(TextOf(*database, "SELECT hex(b) FROM t"), "");
}

TEST_F(DatabaseTest, TellsABindingThatFailedAtTheNextStepAndRecovers) {
  absl::StatusOr<Database> database = Create();
  ASSERT_OK(database);
  absl::StatusOr<Statement> select = database->Prepare("SELECT ?");
  ASSERT_OK(select);
  EXPECT_THAT(select->BindInt64(7, 1).Step(),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_TRUE(select->BindInt64(1, 1).Step().value());
}

constexpr std::array<absl::string_view, 2> kSteps = {
    "CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO b VALUES (1)"};

TEST_F(DatabaseTest, TakesOnlyTheStepsItHasNotTaken) {
  absl::StatusOr<Database> database = Create();
  ASSERT_OK(database);
  ASSERT_OK(Migrate(*database, absl::MakeSpan(kSteps).first(1)));
  EXPECT_EQ(database->QueryInt64("PRAGMA user_version").value(), 1);
  ASSERT_OK(database->Execute("INSERT INTO a VALUES (1)"));
  ASSERT_OK(Migrate(*database, kSteps));
  ASSERT_OK(Migrate(*database, kSteps));
  EXPECT_EQ(database->QueryInt64("PRAGMA user_version").value(), 2);
  EXPECT_EQ(database->QueryInt64("SELECT count(*) FROM a").value(), 1);
  EXPECT_EQ(database->QueryInt64("SELECT count(*) FROM b").value(), 1);
}

TEST_F(DatabaseTest, RefusesASchemaItDoesNotKnow) {
  {
    absl::StatusOr<Database> database = Create();
    ASSERT_OK(database);
    ASSERT_OK(Migrate(*database, kSteps));
  }
  const std::string before = BytesOf(path_);
  {
    absl::StatusOr<Database> database = Open();
    ASSERT_OK(database);
    const absl::Status status =
        Migrate(*database, absl::MakeSpan(kSteps).first(1));
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(status, HasReason(Reason::kSchemaUnknown));
  }
  EXPECT_EQ(BytesOf(path_), before);
}

TEST_F(DatabaseTest, TakesAllStepsOrNone) {
  absl::StatusOr<Database> database = Create();
  ASSERT_OK(database);
  const std::array<absl::string_view, 2> broken = {"CREATE TABLE a (x)",
                                                   "CREATE TABLE"};
  EXPECT_THAT(Migrate(*database, broken),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(database->QueryInt64("PRAGMA user_version").value(), 0);
  EXPECT_OK(Migrate(*database, kSteps));
}

}  // namespace
}  // namespace commonwage::storage
