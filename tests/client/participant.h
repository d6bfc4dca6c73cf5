// SPDX-License-Identifier: Apache-2.0
// A person with a wallet, before a server in memory whose survey's key they
// know.

#ifndef COMMONWAGE_TESTS_CLIENT_PARTICIPANT_H_
#define COMMONWAGE_TESTS_CLIENT_PARTICIPANT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

#include "client/participation.h"
#include "client/round_record.h"
#include "client/survey_record.h"
#include "client/wallet_file.h"
#include "tests/client/fake_server.h"
#include "tests/client/made_round.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

// In the middle of the sample plan's round.
inline absl::Time InMidRound() {
  return absl::FromCivil(absl::CivilDay(2026, 1, 10), absl::UTCTimeZone());
}

class Participant {
 public:
  // `server` outlives this object. The same seed is the same person: another
  // device with the same words.
  Participant(FakeServer& server, uint64_t seed)
      : random(seed + 1000),
        clock(InMidRound()),
        wallet(MakeWallet(directory.File("wallet"), seed)),
        participation(wallet, server, "127.0.0.1:1", clock, random) {
    EXPECT_OK(wallet.Update(random, [&](client::WalletContents& contents) {
      client::GetOrAddSurvey(contents.records,
                             server.round().manifest.plan.survey,
                             server.round().survey_key.verify_key());
      return absl::OkStatus();
    }));
  }

  // As one that was made just now.
  void ForgetSurveys() {
    EXPECT_OK(wallet.Update(random, [](client::WalletContents& contents) {
      contents.records.clear_surveys();
      return absl::OkStatus();
    }));
  }

  // Takes part at once unless said otherwise.
  static client::SubmitOptions AtOnce() {
    client::SubmitOptions choices;
    choices.delay_up_to = absl::ZeroDuration();
    return choices;
  }

  [[nodiscard]] client::RoundRecord Record(const std::string& round_id) const {
    const auto contents = wallet.Read();
    const client::RoundRecord* record =
        client::FindRound(contents->records, round_id);
    return record != nullptr ? *record : client::RoundRecord();
  }

  TempDirectory directory;
  SeededRandom random;
  FakeClock clock;
  client::WalletFile wallet;
  client::Participation participation;

 private:
  static client::WalletFile MakeWallet(const std::string& path, uint64_t seed) {
    SeededRandom of_person(seed);
    return *client::WalletFile::Create(
        path, crypto::SecretBytes::From("passphrase"),
        crypto::Secret<32>::Random(of_person), of_person, {1, 8192});
  }
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_CLIENT_PARTICIPANT_H_
