// SPDX-License-Identifier: Apache-2.0
// The program on the internet, run as the operator runs it.

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "client/connection/server_api.h"
#include "crypto/key_file.h"
#include "storage/database.h"
#include "tests/server/online_host.h"
#include "tests/testing/program.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server {
namespace {

using grpc::health::v1::HealthCheckResponse;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;
using testing::RunningProgram;
using testing::RunProgram;
using testing::SampleRound;

constexpr char kProgram[] = COMMONWAGE_BIN_DIR "/commonwaged";

class CommonwagedTest : public ::testing::Test {
 protected:
  std::vector<std::string> Command(const std::string& listen) {
    return {kProgram,   "--data", host_.data_path(), "--kek", host_.kek_path(),
            "--listen", listen};
  }

  // Starts the server, and returns where it listens.
  std::string Start(const std::vector<std::string>& command) {
    server_ = std::make_unique<RunningProgram>(command, host_.File("log"));
    const std::string line = server_->ReadLine();
    absl::string_view rest = line;
    EXPECT_TRUE(absl::ConsumePrefix(&rest, "Listening on ")) << Log();
    EXPECT_TRUE(absl::ConsumeSuffix(&rest, "."));
    return std::string(rest);
  }
  std::string Start() { return Start(Command("127.0.0.1:0")); }

  int Stop(int signal) {
    server_->Signal(signal);
    const int code = server_->Wait();
    server_.reset();
    return code;
  }

  std::unique_ptr<client::ServerApi> Connect(const std::string& address) {
    client::ConnectOptions options;
    options.server = address;
    return client::ConnectToServer(options).value();
  }

  std::string Log() {
    std::ifstream file(host_.File("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // Imports a round that is open.
  SampleRound ImportOpen(const std::string& name) {
    Manifest manifest = host_.SampleManifest(name);
    manifest.plan.opens_at = absl::Now() - absl::Hours(1);
    manifest.plan.closes_at = absl::Now() + absl::Hours(1);
    return host_.Import(manifest);
  }

  // Expects that the server does not start, and says why in one plain sentence
  // that repeats nothing.
  void ExpectRefusal(const std::vector<std::string>& command, int exit_code,
                     const std::string& part) {
    const ProgramResult result = RunProgram(command);
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_EQ(result.out, "");
    const std::vector<std::string> lines =
        absl::StrSplit(result.err, '\n', absl::SkipEmpty());
    ASSERT_EQ(lines.size(), 1U) << result.err;
    EXPECT_TRUE(absl::StartsWith(lines[0], "commonwaged: ")) << lines[0];
    EXPECT_TRUE(absl::EndsWith(lines[0], ".")) << lines[0];
    EXPECT_THAT(lines[0], HasSubstr(part));
    EXPECT_THAT(lines[0], Not(HasSubstr(host_.data_path())));
  }

  testing::OnlineHost host_;
  std::unique_ptr<RunningProgram> server_;
};

TEST_F(CommonwagedTest, ServesUntilItIsToldToStop) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto api = Connect(Start());
    EXPECT_OK(api->ListRounds({}));
    EXPECT_OK(api->ListReleases({}));
    EXPECT_EQ(Stop(signal), 0) << Log();
  }
}

TEST_F(CommonwagedTest, KeepsWhatItAcknowledgedWhenItIsKilled) {
  Manifest manifest = host_.SampleManifest();
  manifest.plan.opens_at = absl::Now() - absl::Hours(1);
  manifest.plan.closes_at = absl::Now() + absl::Hours(1);
  const SampleRound round = host_.Import(manifest);
  v1::SubmitRequest request;
  request.set_frame(host_.Frame(round, 1));
  const auto first = Connect(Start())->Submit(request);
  ASSERT_OK(first);
  EXPECT_EQ(Stop(SIGKILL), 128 + SIGKILL);

  const std::string address = Start();
  EXPECT_EQ(Connect(address)->Submit(request)->SerializeAsString(),
            first->SerializeAsString());
  EXPECT_EQ(Stop(SIGTERM), 0);
  EXPECT_EQ(*host_.OpenInbox(round.id, false).value()->CountFrames(), 1U);
}

TEST_F(CommonwagedTest, NoticesWhatCommandsDoWithinASecond) {
  const auto api = Connect(Start());
  Manifest manifest = host_.SampleManifest();
  manifest.plan.opens_at = absl::Now() - absl::Hours(1);
  manifest.plan.closes_at = absl::Now() + absl::Hours(1);
  const SampleRound round = host_.Import(manifest);
  const absl::Time imported_at = absl::Now();
  v1::GetRoundRequest request;
  request.set_name("rounds/" + round.id);
  absl::StatusOr<v1::GetRoundResponse> seen = api->GetRound(request);
  while (!seen.ok() && absl::Now() < imported_at + absl::Seconds(10)) {
    seen = api->GetRound(request);
  }
  ASSERT_OK(seen);
  EXPECT_LT(absl::Now() - imported_at, absl::Seconds(1));
}

TEST_F(CommonwagedTest, ReadsItsOptionsFromAFile) {
  // As an editor of another system leaves it.
  std::ofstream(host_.File("config.toml"))
      << "\ufeffdata = \"" << host_.data_path() << "\"\r\nkek = \""
      << host_.kek_path() << "\"\r\nlisten = \"127.0.0.1:0\"\r\n";
  const auto api =
      Connect(Start({kProgram, "--config", host_.File("config.toml")}));
  EXPECT_OK(api->ListRounds({}));
  EXPECT_EQ(Stop(SIGTERM), 0);
}

TEST_F(CommonwagedTest, RefusesAFileOfOptionsThatItDoesNotUnderstand) {
  const std::string path = host_.File("config.toml");
  const std::string good =
      absl::StrCat("# Ours.\n\ndata = '", host_.data_path(), "'\nkek = \"",
                   host_.kek_path(), "\"\n");
  for (const char* bad :
       {"lisen = \"127.0.0.1:0\"\n", "listen\n", "listen = \"127.0.0.1:0\n",
        "listen =\n", "= 3\n", "[server]\nlisten = \"127.0.0.1:0\"\n",
        "config = \"other.toml\"\n"}) {
    std::ofstream(path, std::ios::trunc) << good << bad;
    ExpectRefusal({kProgram, "--config", path, "--listen", "127.0.0.1:0"}, 2,
                  "configuration file");
  }
}

TEST_F(CommonwagedTest, SaysThatTheFileOfOptionsIsMissing) {
  for (const std::string& path : {host_.File("nowhere"), host_.File("")}) {
    ExpectRefusal({kProgram, "--config", path}, 1,
                  "configuration file is missing");
  }
}

TEST_F(CommonwagedTest, SaysNothingOfCallersInItsLog) {
  const auto api = Connect(Start());
  v1::SubmitRequest request;
  request.set_frame(std::string(100'000, 'x'));
  EXPECT_FALSE(api->Submit(request).ok());
  EXPECT_EQ(Stop(SIGTERM), 0);
  EXPECT_THAT(Log(), HasSubstr("server ready"));
  EXPECT_THAT(Log(), Not(HasSubstr("127.0.0.1")));
  EXPECT_THAT(Log(), Not(HasSubstr("xxxx")));
}

TEST_F(CommonwagedTest, RefusesASecondServerOnTheSameDirectory) {
  const std::string address = Start();
  ExpectRefusal(Command("127.0.0.1:0"), 1, "erver");
  EXPECT_OK(Connect(address)->ListRounds({}));
}

TEST_F(CommonwagedTest, RefusesAPortInUse) {
  const std::string address = Start();
  const testing::OnlineHost other(8);
  ExpectRefusal({kProgram, "--data", other.data_path(), "--kek",
                 other.kek_path(), "--listen", address},
                1, "port");
}

TEST_F(CommonwagedTest, RefusesToListenWhereOthersCanReachIt) {
  ExpectRefusal(Command("0.0.0.0:0"), 2, "this machine");
  ExpectRefusal(Command("nonsense"), 2, "127.0.0.1:50051");
}

TEST_F(CommonwagedTest, RefusesAnotherKey) {
  const testing::OnlineHost other(8);
  std::vector<std::string> command = Command("127.0.0.1:0");
  command[4] = other.kek_path();
  ExpectRefusal(command, 1, "key");
  command[4] = host_.File("missing");
  ExpectRefusal(command, 1, "key");
}

TEST_F(CommonwagedTest, RefusesAKeyInsideWhatItOpens) {
  std::filesystem::copy(host_.kek_path(), host_.data_path() + "/kek");
  std::vector<std::string> command = Command("127.0.0.1:0");
  command[4] = host_.data_path() + "/kek";
  ExpectRefusal(command, 2, "key");
}

TEST_F(CommonwagedTest, RefusesADirectoryThatIsNone) {
  std::vector<std::string> command = Command("127.0.0.1:0");
  command[2] = host_.File("nowhere");
  ExpectRefusal(command, 1, "directory");
}

TEST_F(CommonwagedTest, ServesOtherRoundsBesideOneWhoseSubmissionsAreLost) {
  const SampleRound lost = ImportOpen("lost");
  const SampleRound sound = ImportOpen("sound");
  Start();
  ASSERT_EQ(Stop(SIGTERM), 0);
  const std::filesystem::path inbox = host_.directory().inbox_path(lost.id);
  ASSERT_TRUE(std::filesystem::remove(inbox));

  const auto api = Connect(Start());
  v1::SubmitRequest request;
  request.set_frame(host_.Frame(lost, 1));
  EXPECT_THAT(api->Submit(request), HasReason(Reason::kStoreUnavailable));
  request.set_frame(host_.Frame(sound, 1));
  EXPECT_OK(api->Submit(request));
  EXPECT_OK(api->ListReleases({}));
  EXPECT_EQ(Stop(SIGTERM), 0);
  EXPECT_THAT(Log(), HasSubstr("INBOX_MISSING"));
  EXPECT_THAT(Log(), HasSubstr(lost.id));
  EXPECT_THAT(Log(), Not(HasSubstr(sound.id)));
  EXPECT_FALSE(std::filesystem::exists(inbox));
}

TEST_F(CommonwagedTest, IgnoresThatItsTerminalIsGone) {
  const auto api = Connect(Start());
  server_->Signal(SIGHUP);
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_OK(api->ListRounds({}));
  EXPECT_EQ(Stop(SIGTERM), 0) << Log();
}

TEST_F(CommonwagedTest, NoticesAnOlderCopyOfAnInbox) {
  Manifest manifest = host_.SampleManifest();
  manifest.plan.opens_at = absl::Now() - absl::Hours(1);
  manifest.plan.closes_at = absl::Now() + absl::Hours(1);
  const SampleRound round = host_.Import(manifest);
  const std::filesystem::path inbox = host_.directory().inbox_path(round.id);
  const std::string older = host_.File("older");
  for (const uint64_t worker : {1U, 2U}) {
    v1::SubmitRequest request;
    request.set_frame(host_.Frame(round, worker));
    ASSERT_OK(Connect(Start())->Submit(request));
    ASSERT_EQ(Stop(SIGTERM), 0);
    if (worker == 1) {
      std::filesystem::copy_file(inbox, older);
    }
  }
  std::filesystem::rename(older, inbox);
  v1::SubmitRequest request;
  request.set_frame(host_.Frame(round, 3));
  EXPECT_THAT(Connect(Start())->Submit(request),
              HasReason(Reason::kStoreUnavailable));
  EXPECT_EQ(Stop(SIGTERM), 0);
  EXPECT_THAT(Log(), HasSubstr("INBOX_ROLLED_BACK"));
}

TEST_F(CommonwagedTest, RefusesADatabaseThatIsNotEncrypted) {
  for (const char* suffix : {"-wal", "-shm"}) {
    std::filesystem::remove(host_.directory().catalogue_path().string() +
                            suffix);
  }
  std::string plain("SQLite format 3\0", 16);
  plain.resize(8192, '\0');
  std::ofstream(host_.directory().catalogue_path(),
                std::ios::binary | std::ios::trunc)
      << plain;
  ExpectRefusal(Command("127.0.0.1:0"), 1, "encrypted");
}

TEST_F(CommonwagedTest, RefusesASchemaThatItDoesNotKnow) {
  {
    const auto key =
        host_.keyring().Get(storage::kCatalogueKey, storage::kMainKeyId);
    auto database =
        storage::Database::Open(host_.directory().catalogue_path(), *key);
    ASSERT_OK(database);
    ASSERT_OK(database->Execute("PRAGMA user_version = 999"));
  }
  ExpectRefusal(Command("127.0.0.1:0"), 1, "newer");
}

TEST_F(CommonwagedTest, RefusesWrongUseAndExplainsItself) {
  ExpectRefusal({kProgram}, 2, "--help");
  std::vector<std::string> command = Command("127.0.0.1:0");
  command.emplace_back("--nonsense");
  ExpectRefusal(command, 2, "--help");

  const ProgramResult help = RunProgram({kProgram, "--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* option : {"--data", "--kek", "--listen", "--config"}) {
    EXPECT_THAT(help.out, HasSubstr(option));
  }
  const ProgramResult version = RunProgram({kProgram, "--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_FALSE(version.out.empty());
}

TEST_F(CommonwagedTest, StartsAtOnceHoweverManyRoundsThereWere) {
  for (int i = 0; i < 300; ++i) {
    const SampleRound round =
        host_.Import(host_.SampleManifest(absl::StrCat("r", i)));
    host_.ImportRelease(round);
  }
  rusage before{};
  rusage after{};
  getrusage(RUSAGE_CHILDREN, &before);
  const auto api = Connect(Start());
  const auto list = api->ListReleases({});
  ASSERT_OK(list);
  EXPECT_EQ(list->releases_size(), 100);
  EXPECT_EQ(Stop(SIGTERM), 0);
  getrusage(RUSAGE_CHILDREN, &after);
  // Of the processor: how long it takes depends on who else computes here.
  EXPECT_LT(absl::DurationFromTimeval(after.ru_utime) -
                absl::DurationFromTimeval(before.ru_utime),
            absl::Seconds(1));
}

TEST_F(CommonwagedTest, AnswersWhatIsInFlightAndStopsUnderLoad) {
  const SampleRound round = ImportOpen("loaded");
  const std::string address = Start();
  constexpr size_t kCallers = 8;
  constexpr uint64_t kFramesEach = 4000;
  std::vector<std::vector<uint64_t>> acknowledged(kCallers);
  std::vector<absl::Status> ends(kCallers);
  std::atomic<size_t> busy = 0;
  std::vector<std::thread> callers;
  std::mutex frames;
  for (size_t i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      const auto api = Connect(address);
      for (uint64_t n = 0; n < kFramesEach && ends[i].ok(); ++n) {
        const uint64_t worker = i * kFramesEach + n;
        v1::SubmitRequest request;
        {
          const std::lock_guard<std::mutex> lock(frames);
          request.set_frame(host_.Frame(round, worker));
        }
        ends[i] = api->Submit(request).status();
        if (ends[i].ok()) {
          acknowledged[i].push_back(worker);
          busy += n == 0 ? 1U : 0U;
        }
      }
    });
  }
  while (busy < kCallers) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  absl::SleepFor(absl::Milliseconds(500));
  const absl::Time told = absl::Now();
  EXPECT_EQ(Stop(SIGTERM), 0) << Log();
  EXPECT_LT(absl::Now() - told, absl::Seconds(15));
  size_t count = 0;
  for (size_t i = 0; i < kCallers; ++i) {
    callers[i].join();
    // gRPC's word for a call that came after the end of taking calls.
    EXPECT_TRUE(absl::IsUnavailable(ends[i]) || absl::IsCancelled(ends[i]))
        << ends[i];
    count += acknowledged[i].size();
  }
  const uint64_t stored =
      *host_.OpenInbox(round.id, false).value()->CountFrames();
  // What reached the store was answered.
  EXPECT_EQ(stored, count);
}

HealthCheckResponse::ServingStatus HealthOf(const std::string& address,
                                            const std::string& service) {
  grpc::ClientContext context;
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  HealthCheckResponse response;
  const grpc::Status status =
      grpc::health::v1::Health::NewStub(
          grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))
          ->Check(&context, request, &response);
  return status.ok() ? response.status() : HealthCheckResponse::UNKNOWN;
}

bool BecomesTrueSoon(const std::function<bool()>& condition) {
  const absl::Time patience = absl::Now() + absl::Seconds(30);
  while (!condition() && absl::Now() < patience) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  return condition();
}

TEST_F(CommonwagedTest, TellsInItsHealthThatTheDiskIsFull) {
  const SampleRound round = ImportOpen("full");
  // The same data on a tiny disk.
  const std::string data = host_.data_path();
  std::filesystem::rename(data, host_.File("whole"));
  ASSERT_TRUE(std::filesystem::create_directory(data));
  if (mount("tmpfs", data.c_str(), "tmpfs", 0, "size=12m,mode=0700") != 0) {
    GTEST_SKIP() << "SKIPPED ALOUD: this account may not mount a tiny disk; "
                    "parts_test and full_disk_test have a made one.";
  }
  const absl::Cleanup unmount = [&data] { umount2(data.c_str(), MNT_DETACH); };
  std::filesystem::copy(host_.File("whole"), data,
                        std::filesystem::copy_options::recursive);
  std::filesystem::permissions(data + "/inbox",
                               std::filesystem::perms::owner_all);
  const std::string address = Start();
  const std::string service = "commonwage.v1.SubmissionService";
  EXPECT_EQ(HealthOf(address, service), HealthCheckResponse::SERVING);
  {
    std::ofstream filler(data + "/filler");
    const std::string block(4096, 'x');
    while (filler << block << std::flush) {
    }
  }
  EXPECT_TRUE(BecomesTrueSoon([&] {
    return HealthOf(address, service) == HealthCheckResponse::NOT_SERVING;
  }));
  EXPECT_EQ(HealthOf(address, "commonwage.v1.StatisticsService"),
            HealthCheckResponse::SERVING);
  std::filesystem::remove(data + "/filler");
  EXPECT_TRUE(BecomesTrueSoon([&] {
    return HealthOf(address, service) == HealthCheckResponse::SERVING;
  }));
  v1::SubmitRequest request;
  request.set_frame(host_.Frame(round, 1));
  EXPECT_OK(Connect(address)->Submit(request));
  EXPECT_EQ(Stop(SIGTERM), 0) << Log();
}

}  // namespace
}  // namespace commonwage::server
