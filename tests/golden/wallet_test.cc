// SPDX-License-Identifier: Apache-2.0
// A wallet as it was written on the day its format was fixed: whoever has one
// must be able to open it for ever.

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "client/round_record.h"
#include "client/wallet_file.h"
#include "tests/crypto/fixed_random.h"
#include "tests/testing/golden.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::client {
namespace {

using testing::Golden;

class GoldenWalletTest : public ::testing::Test {
 protected:
  // What the golden wallet remembers: every field that there was.
  static WalletRecords Records() {
    WalletRecords records;
    SurveyRecord& survey = *records.add_surveys();
    survey.set_survey("couriers");
    survey.set_verify_key(std::string(32, '\x01'));
    SurveyInvitation& invitation = *survey.mutable_invitation();
    invitation.set_server("survey.example:443");
    invitation.set_office("office.example:443");
    invitation.set_survey_key(
        "0123-4567-89ab-cdef-0123-4567-89ab-cdef-0123-4567");
    invitation.set_admission(v1::ADMISSION_CREDENTIAL);
    RoundRecord& round = *records.add_rounds();
    round.set_round_id("couriers.2026-q1");
    round.set_manifest_hash(std::string(32, '\x02'));
    round.set_receipt_verify_key(std::string(32, '\x03'));
    round.set_credential(std::string(256, '\x04'));
    round.mutable_waiting()->set_frame(std::string(1024, '\x05'));
    round.mutable_waiting()->set_send_at(1'767'225'601);
    round.mutable_waiting()->set_decided_at(1'767'225'600);
    round.mutable_waiting()->set_server("survey.example:443");
    round.mutable_waiting()->set_tried(true);
    round.set_accepted_frame(std::string(1024, '\x06'));
    round.mutable_receipt()->set_manifest_hash(std::string(32, '\x02'));
    round.mutable_receipt()->set_frame_digest(std::string(32, '\x07'));
    round.mutable_receipt()->set_sequence(3);
    round.mutable_receipt()->set_status(v1::RECEIPT_STATUS_STORED);
    round.mutable_receipt()->set_signature(std::string(64, '\x08'));
    round.set_throwaway_seed(std::string(32, '\x09'));
    round.set_forgotten(true);
    round.set_missed(true);
    round.set_unconfirmed(true);
    round.mutable_shown()->set_name("rounds/couriers.2026-q1");
    return records;
  }

  testing::TempDirectory directory_;
  const std::string path_ = directory_.File("wallet");
  const crypto::SecretBytes passphrase_ =
      crypto::SecretBytes::From("a passphrase for tests only");
  const std::string seed_ = std::string(32, '\x73');
};

TEST_F(GoldenWalletTest, TheWalletOpensAsEver) {
  std::ofstream(path_, std::ios::binary) << Golden("wallet.bin");
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  const auto wallet = WalletFile::Open(path_, passphrase_);
  ASSERT_OK(wallet);
  const auto contents = wallet->Read();
  ASSERT_OK(contents);
  EXPECT_EQ(contents->seed.ExposeText(), seed_);
  EXPECT_EQ(contents->records.SerializeAsString(),
            Records().SerializeAsString());
}

TEST_F(GoldenWalletTest, TheWalletIsWrittenAsEver) {
  // Salt, and a nonce for each of the two times that it is written.
  crypto::FixedRandom random(std::string(16, '\x0a') + std::string(24, '\x0b') +
                             std::string(24, '\x0c'));
  const auto wallet = WalletFile::Create(
      path_, passphrase_, *crypto::Secret<32>::From(seed_), random);
  ASSERT_OK(wallet);
  ASSERT_OK(wallet->Update(random, [](WalletContents& contents) {
    contents.records = Records();
    return absl::OkStatus();
  }));
  EXPECT_EQ(random.left(), 0U);
  EXPECT_EQ(testing::FileContents(path_), Golden("wallet.bin"));
}

}  // namespace
}  // namespace commonwage::client
