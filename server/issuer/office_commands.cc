// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/office_commands.h"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
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
#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "server/command/key_place.h"
#include "server/disk_watch.h"
#include "server/issuer/http_server.h"
#include "server/issuer/issuer.h"
#include "server/issuer/issuer_http.h"
#include "server/issuer/issuer_service.h"
#include "server/issuer/issuer_store.h"
#include "server/periodic_task.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/listen_address.h"
#include "storage/kek_file.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::Duration kDrainPatience = absl::Seconds(5);
constexpr absl::Duration kTidyInterval = absl::Seconds(1);

// What the commands take; each reads what it asked for.
struct Options {
  std::string data;
  std::string kek;
  std::string listen = "127.0.0.1:50061";
  std::string http;
};

absl::StatusOr<std::unique_ptr<IssuerStore>> OpenStore(const Options& options) {
  return IssuerStore::Open(options.data, options.kek);
}

absl::Status Init(const Options& options) {
  crypto::SodiumRandom random;
  COMMONWAGE_RETURN_IF_ERROR(RefuseKeyInside(options.data, options.kek));
  if (!std::filesystem::exists(options.kek)) {
    COMMONWAGE_RETURN_IF_ERROR(crypto::CreateKeyFile(options.kek, random));
    std::cout << "Made the key file. Keep a copy of it apart from the data.\n";
  }
  COMMONWAGE_RETURN_IF_ERROR(
      IssuerStore::Create(options.data, options.kek, random).status());
  std::cout << WhatErasureRestsOn(storage::CheckKekReplaceable(options.kek))
            << "The union office's directory is ready. Next: members import.\n";
  return absl::OkStatus();
}

absl::Status Serve(const Options& options) {
  command::StopSignals stop;
  command::KeepFilesPrivate();
  Log log;
  COMMONWAGE_ASSIGN_OR_RETURN(const ListenAddress address,
                              ParseListenAddress(options.listen));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  SystemClock clock;
  Issuer issuer(*store, clock);
  RouteGrpcLog(log);
  std::vector<ServedService> services;
  services.push_back(MakeIssuerService(issuer));
  const std::string service = services.back().name();
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<GrpcServer> server,
                              GrpcServer::Start(address, std::move(services)));
  std::unique_ptr<HttpServer> http;
  if (!options.http.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(const ListenAddress page,
                                ParseListenAddress(options.http));
    COMMONWAGE_ASSIGN_OR_RETURN(
        http, HttpServer::Start(page.host, page.port,
                                [&issuer](const HttpRequest& request) {
                                  return AnswerHttp(issuer, request);
                                }));
    std::cout << "The page is at http://"
              << ToString({page.host, static_cast<uint16_t>(http->port())})
              << "/enrol.\n";
  }
  std::cout << "Listening on " << ToString(server->address()) << "."
            << std::endl;
  log.Write(LogEvent::kServerReady,
            {LogField::Port(server->address().port),
             LogField::Version(command::CodeVersion())});
  DiskWatch disk([&options] { return FreeBytesAt(options.data); }, clock);
  const PeriodicTask tidy(kTidyInterval, [&] {
    server->ReportServing(service, disk.HasRoom());
    // What fails now is tried again.
    static_cast<void>(issuer.ForgetDestroyedKeys());
    static_cast<void>(store->roll().TidyLog());
  });
  stop.Wait();
  log.Write(LogEvent::kServerStopping);
  server->Drain(kDrainPatience);
  log.Write(LogEvent::kServerStopped);
  return absl::OkStatus();
}

CLI::App* AddCommand(CLI::App& parent, const char* name, const char* what,
                     Options& options) {
  CLI::App* command = parent.add_subcommand(name, what);
  command->add_option("--data", options.data, "The union office's directory")
      ->required();
  command->add_option("--kek", options.kek, "The file of the key to it")
      ->required();
  return command;
}

}  // namespace

void AddInitCommand(command::CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* init = AddCommand(line.app(), "init",
                              "Make the union office's directory", *options);
  line.OnCommand(init, [options] { return Init(*options); });
}

void AddServeCommand(command::CommandLine& line) {
  auto options = std::make_shared<Options>();
  CLI::App* serve = AddCommand(line.app(), "serve",
                               "Answer members, until told to stop", *options);
  serve
      ->add_option("--listen", options->listen,
                   "ADDR:PORT on this machine, for gRPC")
      ->capture_default_str();
  serve->add_option("--http", options->http,
                    "ADDR:PORT on this machine, for the page /enrol");
  line.OnCommand(serve, [options] { return Serve(*options); });
}

}  // namespace commonwage::server::issuer
