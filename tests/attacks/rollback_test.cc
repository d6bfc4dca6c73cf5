// SPDX-License-Identifier: Apache-2.0
// Promise 2, "once": putting the online host back to before the release, and
// publishing again, gives the same artefact; there is no second draw to average
// with. And promise: an erased round stays erased, whatever backup comes back.

#include <signal.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/made_population.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::FileContents;
using ::testing::Ne;

constexpr size_t kPeople = 300;

class RollbackTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound({.plan_json = testing::SamplePlanJson()});
    service_.StartServer();
    service_.WaitUntilOpen();
    const auto round =
        testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_OK(round);
    ASSERT_OK(testing::SubmitAnswers(
        service_.server(), *round, testing::MakePeople(kPeople),
        testing::MakePopulation(round->manifest.plan, kPeople, 3), nullptr));
    service_.CloseEarly();
    ASSERT_EQ(service_.StopServer(SIGTERM), 0);
    Keep("before");
    std::filesystem::copy(service_.File("vault"), service_.File("vault-before"),
                          std::filesystem::copy_options::recursive);
    service_.ExportInbox();
    service_.Publish();
    service_.ImportRelease();
  }

  // A copy of everything that the online host has, its key included.
  void Keep(const std::string& name) {
    std::filesystem::copy(service_.File("online"), service_.File(name),
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(service_.File("kek"), service_.File(name + "-kek"));
  }

  void PutBack(const std::string& name) {
    std::filesystem::remove_all(service_.File("online"));
    std::filesystem::copy(service_.File(name), service_.File("online"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::remove(service_.File("kek"));
    std::filesystem::copy(service_.File(name + "-kek"), service_.File("kek"));
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
};

TEST_F(RollbackTest, ARestoredHostGetsTheSameReleaseAgain) {
  const std::string first =
      FileContents(service_.File("round.release")).value();
  PutBack("before");
  service_.ExportInbox();
  service_.Publish();
  EXPECT_EQ(FileContents(service_.File("round.release")).value(), first);
  service_.ImportRelease();
}

// The fault that the test above would see: a vault whose ledger has forgotten
// the round. Whoever puts back the steward's vault too, with its shred.key of
// that time, can draw a second time, as docs/THREAT_MODEL.md says; the noise
// has no seed that would prevent it.
TEST_F(RollbackTest, AVaultWithoutItsLedgerDrawsOtherNoise) {
  const std::string first =
      FileContents(service_.File("round.release")).value();
  PutBack("before");
  std::filesystem::remove_all(service_.File("vault"));
  std::filesystem::copy(service_.File("vault-before"), service_.File("vault"),
                        std::filesystem::copy_options::recursive);
  service_.ExportInbox();
  service_.Publish();
  const std::string second =
      FileContents(service_.File("round.release")).value();
  EXPECT_THAT(second, Ne(first));
}

TEST_F(RollbackTest, AnErasedRoundCannotBeExportedAgain) {
  const testing::ProgramResult again =
      service_.Admin({"inbox", "export", "--round", service_.round_id(),
                      "--out", service_.File("again.inbox")});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(service_.File("again.inbox")));
}

TEST_F(RollbackTest, AnOldDataDirectoryDoesNotOpenUnderTheKeyOfToday) {
  // Who kept the directory but not the key, as a backup should, has nothing:
  // the key was replaced when the round was erased.
  const std::string today = FileContents(service_.File("kek")).value();
  EXPECT_THAT(today, Ne(FileContents(service_.File("before-kek")).value()));
  std::filesystem::remove_all(service_.File("online"));
  std::filesystem::copy(service_.File("before"), service_.File("online"),
                        std::filesystem::copy_options::recursive);
  const testing::ProgramResult opened =
      service_.Admin({"round", "status", "--round", service_.round_id()});
  EXPECT_EQ(opened.exit_code, 1);
}

TEST_F(RollbackTest, ABackupAsItShouldBeDoesNotBringTheSubmissionsBack) {
  // With the key file of that time, but without shred.key, which belongs in no
  // backup, the sealed submissions cannot even be exported; nor with today's.
  const std::string today =
      FileContents(service_.File("online/shred.key")).value();
  PutBack("before");
  const std::string shred_file = service_.File("online/shred.key");
  for (const bool with_todays : {false, true}) {
    std::filesystem::remove(shred_file);
    if (with_todays) {
      std::ofstream(shred_file, std::ios::binary) << today;
    }
    const testing::ProgramResult exported =
        service_.Admin({"inbox", "export", "--round", service_.round_id(),
                        "--out", service_.File("again.inbox")});
    EXPECT_EQ(exported.exit_code, 1);
    EXPECT_FALSE(std::filesystem::exists(service_.File("again.inbox")));
  }
}

TEST_F(RollbackTest, AnOldVaultWithoutItsShredFileDrawsNoOtherNoise) {
  PutBack("before");
  service_.ExportInbox();
  std::filesystem::copy_file(service_.File("vault-before/vault.db"),
                             service_.File("vault/vault.db"),
                             std::filesystem::copy_options::overwrite_existing);
  for (const char* log : {"vault/vault.db-wal", "vault/vault.db-shm"}) {
    std::filesystem::remove(service_.File(log));
  }
  const testing::ProgramResult drawn = service_.Steward(
      {"publish", "--yes", "--expect", service_.inbox_words(), "--inbox",
       service_.File("round.inbox"), "--out", service_.File("second.release")});
  EXPECT_EQ(drawn.exit_code, 1);
  EXPECT_THAT(drawn.err, ::testing::HasSubstr("shred.key"));
  EXPECT_FALSE(std::filesystem::exists(service_.File("second.release")));
}

TEST_F(RollbackTest, DirectoryBackupAndOldKeysTogetherDoNotOpenTheRound) {
  // Everything the online host ever had, and the steward's vault of today: the
  // frames can be exported, but nothing is left that opens them.
  PutBack("before");
  service_.ExportInbox();
  const std::string report =
      service_
          .Steward({"publish", "--yes", "--expect", service_.inbox_words(),
                    "--inbox", service_.File("round.inbox"), "--out",
                    service_.File("second.release"), "--json"})
          .out;
  EXPECT_THAT(report, ::testing::HasSubstr("\"repeated_release\": true"));
  EXPECT_EQ(FileContents(service_.File("second.release")).value(),
            FileContents(service_.File("round.release")).value());
}

}  // namespace
}  // namespace commonwage
