// SPDX-License-Identifier: Apache-2.0
// The program on the internet: takes sealed submissions, tells of rounds, and
// answers from releases. It holds no key that opens a submission and no code
// that would.

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <CLI/App.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "base/file/file_lock.h"
#include "base/file/standard_streams.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "server/collector/admission.h"
#include "server/collector/round_board.h"
#include "server/collector/round_directory.h"
#include "server/collector/round_keeper.h"
#include "server/collector/round_service.h"
#include "server/collector/submission_service.h"
#include "server/command/code_version.h"
#include "server/command/command_line.h"
#include "server/command/key_place.h"
#include "server/command/report.h"
#include "server/disk_watch.h"
#include "server/periodic_task.h"
#include "server/process.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/listen_address.h"
#include "server/statistics/release_index.h"
#include "server/statistics/reply_cache.h"
#include "server/statistics/statistics_service.h"
#include "storage/catalogue/catalogue.h"
#include "storage/data_directory.h"
#include "storage/inbox/sqlcipher_inbox.h"
#include "storage/kek_file.h"
#include "storage/keyring.h"

namespace commonwage::server {
namespace {

// Commands and the clock are to be noticed within a second.
constexpr absl::Duration kWatchInterval = absl::Milliseconds(200);
// Calls take milliseconds. What takes longer waits for a disk, or is a
// connection that nobody uses.
constexpr absl::Duration kDrainPatience = absl::Seconds(2);

struct Options {
  std::string data;
  std::string kek;
  std::string listen;
};

// Opens the inbox of a round; with `may_create`, makes it and its key if they
// are missing.
absl::StatusOr<std::unique_ptr<storage::Inbox>> OpenInbox(
    const storage::DataDirectory& directory, const std::string& kek_path,
    RandomSource& random, absl::string_view round_id, bool may_create) {
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Keyring keyring,
                              storage::OpenKeyring(directory, kek_path));
  if (!may_create) {
    return storage::OpenRoundInbox(directory, keyring, round_id, random);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<crypto::Secret<32>> key,
                              keyring.Find(storage::kInboxKey, round_id));
  if (!key.has_value()) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        key, keyring.CreateDestroyable(storage::kInboxKey, round_id, random));
  }
  storage::OpenOptions options;
  options.create = true;
  return storage::OpenSqlcipherInbox(directory.inbox_path(round_id), *key,
                                     random, options);
}

// What is open while the server runs.
struct Stores {
  storage::DataDirectory directory;
  FileLock lock;
  // One connection for each role: neither waits for the other.
  std::unique_ptr<storage::Catalogue> for_collector;
  std::unique_ptr<storage::Catalogue> for_statistics;
  crypto::SigningKey receipt_key;
};

absl::StatusOr<Stores> OpenStores(const Options& options) {
  COMMONWAGE_RETURN_IF_ERROR(
      command::RefuseKeyInside(options.data, options.kek));
  COMMONWAGE_ASSIGN_OR_RETURN(storage::DataDirectory directory,
                              storage::DataDirectory::Open(options.data));
  COMMONWAGE_ASSIGN_OR_RETURN(FileLock lock, directory.LockForServer());
  COMMONWAGE_ASSIGN_OR_RETURN(const storage::Keyring keyring,
                              storage::OpenKeyring(directory, options.kek));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> receipt_seed,
      keyring.Get(storage::kReceiptKey, storage::kMainKeyId));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> key,
      keyring.Get(storage::kCatalogueKey, storage::kMainKeyId));
  const std::filesystem::path path = directory.catalogue_path();
  COMMONWAGE_ASSIGN_OR_RETURN(auto for_collector,
                              storage::Catalogue::Open(path, key));
  COMMONWAGE_ASSIGN_OR_RETURN(auto for_statistics,
                              storage::Catalogue::Open(path, key));
  return Stores{std::move(directory), std::move(lock), std::move(for_collector),
                std::move(for_statistics),
                crypto::SigningKey::FromSeed(receipt_seed)};
}

// Writes the first of a row of failures to the log.
class FailureLog {
 public:
  explicit FailureLog(Log& log) : log_(log) {}

  void Note(const absl::Status& status) {
    if (!status.ok() && !failing_) {
      log_.Write(LogEvent::kStoreFailed, {LogField::Failure(status)});
    }
    failing_ = !status.ok();
  }

 private:
  Log& log_;
  bool failing_ = false;
};

void Announce(const ListenAddress& address, Log& log) {
  std::cout << "Listening on " << ToString(address) << ".\n" << std::flush;
  log.Write(LogEvent::kServerReady, {LogField::Version(command::CodeVersion()),
                                     LogField::Port(address.port)});
}

absl::Status Serve(const Options& options, StopSignals& signals) {
  const absl::StatusOr<ListenAddress> listen =
      ParseListenAddress(options.listen);
  if (!listen.ok()) {
    return command::WrongUse(listen.status().message());
  }
  Log log;
  RouteGrpcLog(log);
  SystemClock clock;
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(Stores stores, OpenStores(options));

  collector::RoundBoard board;
  collector::RoundKeeper keeper(
      *stores.for_collector,
      [&](absl::string_view round_id, bool may_create) {
        return OpenInbox(stores.directory, options.kek, random, round_id,
                         may_create);
      },
      board, clock, log);
  COMMONWAGE_RETURN_IF_ERROR(keeper.Refresh());
  collector::RoundDirectory rounds(board, *stores.for_collector, clock);
  DiskWatch disk([&] { return FreeBytesAt(options.data); }, clock);
  collector::FrameAdmission admission(board, std::move(stores.receipt_key),
                                      clock, log, [&] { disk.NoteFull(); });
  statistics::ReleaseIndex releases(*stores.for_statistics);
  COMMONWAGE_RETURN_IF_ERROR(releases.Refresh());
  statistics::ReplyCache replies(releases);

  std::vector<ServedService> services;
  services.push_back(collector::MakeRoundService(rounds));
  services.push_back(collector::MakeSubmissionService(admission));
  const std::string submissions = services.back().name();
  services.push_back(statistics::MakeStatisticsService(replies));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<GrpcServer> server,
                              GrpcServer::Start(*listen, std::move(services)));
  FailureLog failures(log);
  std::optional<PeriodicTask> watch(std::in_place, kWatchInterval, [&] {
    absl::Status status = keeper.Refresh();
    status.Update(releases.Refresh());
    failures.Note(status);
    server->ReportServing(submissions, disk.HasRoom());
  });

  Announce(server->address(), log);
  signals.Wait();
  log.Write(LogEvent::kServerStopping);
  server->Drain(kDrainPatience, [&] { board.GiveUp(); });
  watch.reset();
  failures.Note(keeper.NoteAges());
  log.Write(LogEvent::kServerStopped);
  return absl::OkStatus();
}

int Main(int argc, const char* const* argv) {
  HoldStandardStreams();
  StopSignals signals;
  HardenProcess();
  Options options;
  command::CommandLine line(
      "commonwaged",
      "Takes sealed submissions and answers from releases. It cannot read a "
      "submission.");
  CLI::App& app = line.app();
  app.require_subcommand(0);
  app.add_option("--data", options.data, "The data directory.")->required();
  app.add_option("--kek", options.kek,
                 "The file with the key-encryption key. Keep it on another "
                 "volume.")
      ->required();
  app.add_option("--listen", options.listen,
                 "ADDR:PORT on this machine, such as 127.0.0.1:50051. Port 0 "
                 "lets the system choose; the line printed tells.")
      ->required();
  line.TakeConfigFile("A TOML file with these options.");
  line.OnCommand(&app, [&] { return Serve(options, signals); });
  return line.Run(argc, argv);
}

}  // namespace
}  // namespace commonwage::server

int main(int argc, char** argv) { return commonwage::server::Main(argc, argv); }
