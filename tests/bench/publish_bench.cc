// SPDX-License-Identifier: Apache-2.0
// A round of many submissions, published by the real program from a real file:
// how long it takes, how it tells of its progress, and how much memory it needs
// while it counts.
//
//   publish_bench [SUBMISSIONS]     a million unless told otherwise
//
// Exits with 1 if it needed more memory than kLimitMegabytes.

#include <signal.h>
#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "base/check.h"
#include "base/file/output_file.h"
#include "client/round_trust.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "crypto/spoken_digest.h"
#include "server/command/inbox_digest.h"
#include "storage/data_directory.h"
#include "storage/kek_file.h"
#include "storage/keyring.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "tests/bench/frames.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/program.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"

namespace commonwage::bench {
namespace {

constexpr size_t kMillion = 1'000'000;
constexpr double kLimitMegabytes = 200;
constexpr auto kGlance = std::chrono::milliseconds(20);

Pseudonym PseudonymOfFrame(const std::string& frame) {
  return FrameView::Parse(frame).value().header().pseudonym;
}

// The key that the service's operator signs with.
crypto::SigningKey OperatorKeyOf(const testing::EmbeddedService& service) {
  const auto directory = storage::DataDirectory::Open(service.File("online"));
  COMMONWAGE_CHECK(directory.ok());
  const auto keyring = storage::OpenKeyring(*directory, service.File("kek"));
  COMMONWAGE_CHECK(keyring.ok());
  const auto seed = keyring->Get(storage::kReceiptKey, storage::kMainKeyId);
  COMMONWAGE_CHECK(seed.ok());
  return crypto::SigningKey::FromSeed(*seed);
}

// Writes the sealed inbox of a round that was closed early, and returns its
// digest in words.
std::string WriteInbox(const std::string& path, const ManifestHash& manifest,
                       crypto::SigningKey operator_key,
                       std::vector<std::string> frames) {
  std::sort(frames.begin(), frames.end(),
            [](const std::string& a, const std::string& b) {
              return PseudonymOfFrame(a).view() < PseudonymOfFrame(b).view();
            });
  auto file =
      OutputFile::Create({path, "inbox"}, Readers::kOwner, IfThere::kReplace);
  COMMONWAGE_CHECK(file.ok());
  server::Sha256InboxDigest digest;
  InboxWriter writer(
      [&](absl::string_view bytes) { return file->Append(bytes); }, digest,
      server::InboxSignerOf(std::move(operator_key)));
  COMMONWAGE_CHECK(writer
                       .Start({.manifest_hash = manifest,
                               .closed_early_at = absl::Now(),
                               .frame_count = frames.size()})
                       .ok());
  for (const std::string& frame : frames) {
    COMMONWAGE_CHECK(writer.Append(frame).ok());
  }
  const auto finished = writer.Finish();
  COMMONWAGE_CHECK(finished.ok() && file->Commit().ok());
  return crypto::SpokenDigest(*crypto::Digest::From(*finished));
}

// Returns the number of megabytes in a line of /proc/PID/status, or 0 once the
// process is gone.
double MegabytesOf(pid_t pid, absl::string_view name) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    absl::string_view rest = line;
    if (absl::ConsumePrefix(&rest, name)) {
      absl::ConsumeSuffix(&rest, " kB");
      double kilobytes = 0;
      COMMONWAGE_CHECK(absl::SimpleAtod(rest, &kilobytes));
      return kilobytes / 1024;
    }
  }
  return 0;
}

struct Run {
  double seconds = 0;
  double unlock_megabytes = 0;  // Peak until the first submission is counted.
  double count_megabytes = 0;   // Peak from then on.
};

Run Publish(const testing::EmbeddedService& service, const std::string& words) {
  const std::string log = service.File("publish.log");
  const auto start = std::chrono::steady_clock::now();
  testing::RunningProgram program(
      {absl::StrCat(COMMONWAGE_BIN_DIR, "/commonwage-steward"), "publish",
       "--yes", "--expect", words, "--progress", "--inbox",
       service.File("big.inbox"), "--out", service.File("big.release"),
       "--vault", service.File("vault"), "--passphrase-file",
       service.File("passphrase")},
      log);
  Run run;
  const auto counting = [&] {
    return absl::StrContains(testing::FileContents(log).value_or(""), "%");
  };
  // The passphrase costs 256 MB on purpose, before anything is read.
  while (!counting() && std::filesystem::exists(
                            absl::StrCat("/proc/", program.pid(), "/status"))) {
    run.unlock_megabytes =
        std::max(run.unlock_megabytes, MegabytesOf(program.pid(), "VmHWM:"));
    std::this_thread::sleep_for(kGlance);
  }
  // The peak, from here on (proc(5), clear_refs).
  std::ofstream(absl::StrCat("/proc/", program.pid(), "/clear_refs")) << "5";
  for (double peak = 1; peak > 0;) {
    peak = MegabytesOf(program.pid(), "VmHWM:");
    run.count_megabytes = std::max(run.count_megabytes, peak);
    std::this_thread::sleep_for(kGlance);
  }
  COMMONWAGE_CHECK(program.Wait() == 0);
  run.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return run;
}

int Main(size_t count) {
  COMMONWAGE_CHECK(crypto::InitCrypto().ok());
  testing::EmbeddedService service(COMMONWAGE_BIN_DIR);
  service.CreateRound({.plan_json = testing::SamplePlanJson()});
  service.StartServer();
  service.WaitUntilOpen();
  const auto round = testing::VisitRound(service.server(), service.round_id());
  COMMONWAGE_CHECK(round.ok());
  COMMONWAGE_CHECK(service.StopServer(SIGTERM) == 0);
  std::printf("Making %zu submissions ...\n", count);
  std::fflush(stdout);
  const std::string words = WriteInbox(
      service.File("big.inbox"), round->manifest_hash, OperatorKeyOf(service),
      MakeFrames(*round, testing::MakePeople(count)));
  const Run run = Publish(service, words);
  std::fputs(testing::FileContents(service.File("publish.log"))->c_str(),
             stdout);
  std::printf(
      "published %zu submissions in %.1f s, %.0f /s\n"
      "peak memory while the passphrase was checked  %6.0f MB\n"
      "peak memory while they were counted           %6.0f MB (limit %.0f)\n",
      count, run.seconds, static_cast<double>(count) / run.seconds,
      run.unlock_megabytes, run.count_megabytes, kLimitMegabytes);
  return run.count_megabytes > 0 && run.count_megabytes < kLimitMegabytes ? 0
                                                                          : 1;
}

}  // namespace
}  // namespace commonwage::bench

int main(int argc, char** argv) {
  size_t count = commonwage::bench::kMillion;
  if (argc > 1 && !absl::SimpleAtoi(argv[1], &count)) {
    std::fprintf(stderr, "publish_bench: how many submissions?\n");
    return 2;
  }
  return commonwage::bench::Main(count);
}
