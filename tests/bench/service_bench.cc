// SPDX-License-Identifier: Apache-2.0
// The real programs beside the least that could be called the work, in one run:
// accepting, accepting with credentials, issuing, answering, publishing.
//
//   service_bench [--short]

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/file/input_file.h"
#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/key_file.h"
#include "crypto/opening/opening_key.h"
#include "crypto/sodium_random.h"
#include "server/steward/publication.h"
#include "storage/vault/vault.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "survey/plan/plan_json.h"
#include "tests/bench/frames.h"
#include "tests/bench/load.h"
#include "tests/bench/rates.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/submission_sender.h"

namespace commonwage::bench {
namespace {

using testing::EmbeddedService;
using testing::Person;

constexpr int kRepeats = 3;

// A floor_server while it is needed.
class FloorServer {
 public:
  FloorServer(const EmbeddedService& service, const std::string& what)
      : program_({COMMONWAGE_FLOOR_SERVER, what, service.File("issuer.key")},
                 service.File("floor.log")) {
    std::string line = program_.ReadLine();
    absl::string_view address = line;
    COMMONWAGE_CHECK(absl::ConsumePrefix(&address, "Listening on "));
    absl::ConsumeSuffix(&address, ".");
    address_ = std::string(address);
  }

  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  testing::RunningProgram program_;
  std::string address_;
};

// Accepting, against a floor that verifies the same. Every frame is new to the
// real server.
void BenchAccepting(const EmbeddedService& service, const std::string& what,
                    const std::string& floor_kind,
                    const std::vector<std::string>& frames) {
  const FloorServer floor(service, floor_kind);
  const size_t part = frames.size() / (kRepeats + 1);
  std::vector<double> rates;
  std::vector<double> floors;
  for (int i = 0; i <= kRepeats; ++i) {
    const std::vector<std::string> some(
        frames.begin() + static_cast<std::ptrdiff_t>(part) * i,
        frames.begin() + static_cast<std::ptrdiff_t>(part) * (i + 1));
    const double bare =
        RateOf(part, [&] { SendFrames(floor.address(), some); });
    const double rate =
        RateOf(part, [&] { SendFrames(service.server(), some); });
    if (i > 0) {  // The first round warms up.
      floors.push_back(bare);
      rates.push_back(rate);
    }
  }
  PrintRatio(what, MedianOf(rates), MedianOf(floors), 0.6);
}

void BenchStatistics(const EmbeddedService& service, size_t calls) {
  const FloorServer floor(service, "nothing");
  v1::SummarizeRequest one_cell;
  one_cell.set_name(absl::StrCat("releases/", service.round_id()));
  one_cell.add_by("platform");
  v1::CellFilter& where = *one_cell.add_where();
  where.set_dimension("platform");
  where.add_values("bolt-bike");
  v1::SummarizeRequest all_cells = one_cell;
  all_cells.clear_where();
  WaitForRelease(service.server(), one_cell);
  for (const auto& [name, request] :
       {std::pair("answering: one cell, quartiles", one_cell),
        std::pair("answering: all cells of a marginal", all_cells)}) {
    std::vector<double> rates;
    std::vector<double> floors;
    for (int i = 0; i <= kRepeats; ++i) {
      const double bare =
          RateOf(calls, [&] { AskMany(floor.address(), request, calls); });
      const double rate =
          RateOf(calls, [&] { AskMany(service.server(), request, calls); });
      if (i > 0) {
        floors.push_back(bare);
        rates.push_back(rate);
      }
    }
    PrintRatio(name, MedianOf(rates), MedianOf(floors), 0.6);
  }
}

void BenchPublishing(EmbeddedService& service, const std::string& what,
                     const std::vector<std::string>& frames) {
  const auto passphrase =
      crypto::LoadPassphraseFile(service.File("passphrase"));
  COMMONWAGE_CHECK(passphrase.ok());
  crypto::SodiumRandom random;
  auto vault = storage::Vault::Open(service.File("vault"), *passphrase, random);
  COMMONWAGE_CHECK(vault.ok());
  const auto secret = vault->OpeningKeyOf(service.round_id());
  COMMONWAGE_CHECK(secret.ok());
  const auto key = crypto::opening::OpeningKey::FromSecret(*secret);

  const double bare = RateOf(frames.size(), [&] {
    OnTwoCores(frames.size(), [&](size_t i) {
      const auto frame = FrameView::Parse(frames[i]);
      const auto opened = crypto::opening::Open(
          key, frame->enc(),
          absl::StrCat(kSealLabel, frame->header().manifest_hash.view()),
          frame->aad(), frame->ciphertext());
      COMMONWAGE_CHECK(opened.ok());
    });
  });

  SystemClock clock;
  // The bench does not wait for a round's end.
  server::steward::PublicationOptions options;
  options.confirm_inbox = [](const server::steward::InboxFacts&) {
    return absl::OkStatus();
  };
  options.confirm_early_close = [](const server::steward::EarlyClose&) {
    return absl::OkStatus();
  };
  const double rate = RateOf(frames.size(), [&] {
    const auto published = server::steward::PublishRound(
        *vault,
        [&]() -> absl::StatusOr<InboxSource> {
          auto opened = InputFile::Open({service.File("round.inbox"), "inbox"});
          COMMONWAGE_CHECK(opened.ok());
          auto file = std::make_shared<InputFile>(*std::move(opened));
          return [file](absl::Span<char> out) { return file->Read(out); };
        },
        clock, random, options);
    COMMONWAGE_CHECK(published.ok());
    COMMONWAGE_CHECK(published->report.counted() ==
                     static_cast<int64_t>(frames.size()));
  });
  PrintRatio(what, rate, bare, 0.7);
}

// RSA private operations and nothing else.
class BareRsa {
 public:
  BareRsa() : key_(EVP_RSA_gen(2048)) { COMMONWAGE_CHECK(key_ != nullptr); }
  BareRsa(const BareRsa&) = delete;
  BareRsa& operator=(const BareRsa&) = delete;
  ~BareRsa() { EVP_PKEY_free(key_); }

  // Does one. Thread-safe.
  void Operate() const {
    const std::string blinded =
        absl::StrCat(std::string(1, '\0'), std::string(255, 'x'));
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key_, nullptr);
    COMMONWAGE_CHECK(EVP_PKEY_decrypt_init(context) == 1);
    COMMONWAGE_CHECK(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) ==
                     1);
    std::string out(256, '\0');
    size_t length = out.size();
    COMMONWAGE_CHECK(
        EVP_PKEY_decrypt(context, reinterpret_cast<unsigned char*>(out.data()),
                         &length,
                         reinterpret_cast<const unsigned char*>(blinded.data()),
                         blinded.size()) == 1);
    EVP_PKEY_CTX_free(context);
  }

 private:
  EVP_PKEY* key_;
};

// Issuing, against private operations on two cores. Returns the signatures.
std::vector<std::string> BenchIssuing(const EmbeddedService& service,
                                      const Enrolment& enrolment) {
  const BareRsa bare;
  const absl::Span<const v1::IssueCredentialRequest> all = enrolment.requests;
  const size_t part = all.size() / (kRepeats + 1);
  std::vector<std::string> signatures;
  std::vector<double> rates;
  std::vector<double> floors;
  for (int i = 0; i <= kRepeats; ++i) {
    const double floor = RateOf(
        part, [&] { OnTwoCores(part, [&](size_t /*i*/) { bare.Operate(); }); });
    const double rate = RateOf(part, [&] {
      for (std::string& signature : AskForCredentials(
               service.issuer(), all.subspan(signatures.size(), part))) {
        signatures.push_back(std::move(signature));
      }
    });
    if (i > 0) {  // The first round warms up.
      floors.push_back(floor);
      rates.push_back(rate);
    }
  }
  PrintRatio("issuing credentials", MedianOf(rates), MedianOf(floors), 0.6);
  return signatures;
}

void BenchOpenRound(size_t people_count, size_t calls) {
  EmbeddedService service(COMMONWAGE_BIN_DIR);
  service.CreateRound({.plan_json = testing::SamplePlanJson()});
  service.StartServer();
  service.WaitUntilOpen();
  const auto round = testing::VisitRound(service.server(), service.round_id());
  COMMONWAGE_CHECK(round.ok());
  const std::vector<std::string> frames =
      MakeFrames(*round, testing::MakePeople(people_count));
  BenchAccepting(service, "accepting durably, open admission", "signature",
                 frames);
  service.CloseEarly();
  service.ExportInbox();
  BenchPublishing(service, "publishing, open admission", frames);
  service.Publish();
  service.ImportRelease();
  BenchStatistics(service, calls);
}

void BenchCredentialRound(size_t people_count) {
  EmbeddedService service(COMMONWAGE_BIN_DIR);
  service.CreateRound(
      {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
  service.StartServer();
  service.WaitUntilOpen();
  const std::vector<std::string> codes =
      service.MakeMembers(static_cast<int>(people_count));
  const auto round = testing::VisitRound(service.server(), service.round_id());
  COMMONWAGE_CHECK(round.ok());
  std::vector<Person> people = testing::MakePeople(people_count);
  const Enrolment enrolment = BlindPeople(*round, codes, people);
  const std::vector<std::string> signatures = BenchIssuing(service, enrolment);
  FinishPeople(enrolment, signatures, people);
  const std::vector<std::string> frames = MakeFrames(*round, people);
  BenchAccepting(service, "accepting durably, with credentials", "credential",
                 frames);
  service.CloseEarly();
  service.ExportInbox();
  BenchPublishing(service, "publishing, with credentials", frames);
}

int Main(bool brief) {
  COMMONWAGE_CHECK(crypto::InitCrypto().ok());
  PrintHead();
  BenchOpenRound(brief ? 4'000 : 60'000, brief ? 2'000 : 30'000);
  BenchCredentialRound(brief ? 800 : 12'000);
  return 0;
}

}  // namespace
}  // namespace commonwage::bench

int main(int argc, char** argv) {
  return commonwage::bench::Main(argc > 1 &&
                                 std::strcmp(argv[1], "--short") == 0);
}
