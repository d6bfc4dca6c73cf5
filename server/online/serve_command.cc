// SPDX-License-Identifier: Apache-2.0
#include "server/online/serve_command.h"

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

#include "base/clock.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "command/code_version.h"
#include "command/process.h"
#include "command/report.h"
#include "crypto/sodium_random.h"
#include "server/collector/admission.h"
#include "server/collector/round_board.h"
#include "server/collector/round_directory.h"
#include "server/collector/round_keeper.h"
#include "server/collector/round_service.h"
#include "server/collector/submission_service.h"
#include "server/disk_watch.h"
#include "server/online/stores.h"
#include "server/periodic_task.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/listen_address.h"
#include "server/statistics/release_index.h"
#include "server/statistics/reply_cache.h"
#include "server/statistics/statistics_service.h"

namespace commonwage::server::online {
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

absl::Status Serve(const Options& options) {
  command::StopSignals signals;
  command::KeepFilesPrivate();
  const absl::StatusOr<ListenAddress> listen =
      ParseListenAddress(options.listen);
  if (!listen.ok()) {
    return command::WrongUse(listen.status().message());
  }
  Log log;
  RouteGrpcLog(log);
  SystemClock clock;
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(Stores stores,
                              OpenStores(options.data, options.kek));

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

}  // namespace

void AddServing(command::CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App& app = line.app();
  app.require_subcommand(0);
  app.add_option("--data", options->data, "The data directory.")->required();
  app.add_option("--kek", options->kek,
                 "The file with the key-encryption key. Keep it on another "
                 "volume.")
      ->required();
  app.add_option("--listen", options->listen,
                 "ADDR:PORT on this machine, such as 127.0.0.1:50051. Port 0 "
                 "lets the system choose; the line printed tells.")
      ->required();
  line.TakeConfigFile("A TOML file with these options.");
  line.OnCommand(&app, [options] { return Serve(*options); });
}

}  // namespace commonwage::server::online
