// SPDX-License-Identifier: Apache-2.0
// The stores of an online host in a fresh directory, and rounds in them, for
// the tests of what serves them.

#ifndef COMMONWAGE_TESTS_SERVER_ONLINE_HOST_H_
#define COMMONWAGE_TESTS_SERVER_ONLINE_HOST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/submission.h"
#include "crypto/signature.h"
#include "storage/catalogue/catalogue.h"
#include "storage/data_directory.h"
#include "storage/inbox/inbox.h"
#include "storage/keyring.h"
#include "survey/manifest.h"
#include "survey/release.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

// A round that was imported, and what its submitters know.
struct SampleRound {
  std::string id;
  Manifest manifest;
  ManifestHash hash;
  client::SealingTerms terms;
};

// Aborts if a store fails: that is another test's business.
class OnlineHost {
 public:
  // Hosts of one seed have the same keys.
  explicit OnlineHost(uint64_t seed = 7);

  // Returns a manifest of the sample plan under this name, open for a month
  // from 2026-01-01.
  Manifest SampleManifest(const std::string& round = "2026-q1");
  // Signs `manifest` with the survey key and imports it.
  SampleRound Import(const Manifest& manifest);
  // Signs a made release of `round` and imports it; closes the round first.
  // The first cell of each marginal is withheld.
  void ImportRelease(const SampleRound& round);
  // Signs `release` of `round` and imports it; closes the round first.
  void ImportRelease(const SampleRound& round, const Release& release);

  // Another connection to the catalogue, as another process has.
  [[nodiscard]] std::unique_ptr<storage::Catalogue> OpenCatalogue() const;
  // Opens a round's inbox, or makes it, on the disk of the file layer `vfs`.
  absl::StatusOr<std::unique_ptr<storage::Inbox>> OpenInbox(
      absl::string_view round_id, bool may_create, const char* vfs = "");

  // Returns the frame of the worker number `worker`, who is paid `pay`.
  std::string Frame(const SampleRound& round, uint64_t worker,
                    Operation operation = Operation::kSubmit,
                    uint64_t sequence = 0, absl::string_view credential = "",
                    int64_t pay = 1234);

  [[nodiscard]] const storage::DataDirectory& directory() const {
    return *directory_;
  }
  [[nodiscard]] std::string kek_path() const { return temp_.File("kek"); }
  [[nodiscard]] std::string data_path() const { return temp_.File("data"); }
  [[nodiscard]] std::string File(const std::string& name) const {
    return temp_.File(name);
  }
  [[nodiscard]] storage::Keyring& keyring() { return *keyring_; }
  [[nodiscard]] crypto::SigningKey receipt_key() const;
  SeededRandom& random() { return random_; }
  // Signs `bytes` with the survey key.
  storage::SignedBytes Sign(absl::string_view label, std::string bytes);

 private:
  TempDirectory temp_;
  SeededRandom random_;
  std::optional<storage::DataDirectory> directory_;
  std::optional<storage::Keyring> keyring_;
  std::unique_ptr<storage::Catalogue> catalogue_;
  std::optional<crypto::SigningKey> survey_key_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SERVER_ONLINE_HOST_H_
