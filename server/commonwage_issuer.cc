// SPDX-License-Identifier: Apache-2.0
// The union office's program: members, their codes, and credentials.

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "server/command/code_version.h"
#include "server/command/command_line.h"
#include "server/command/file_io.h"
#include "server/command/key_place.h"
#include "server/command/report.h"
#include "server/disk_watch.h"
#include "server/grpc_server.h"
#include "server/issuer/http_server.h"
#include "server/issuer/issuer.h"
#include "server/issuer/issuer_http.h"
#include "server/issuer/issuer_service.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/key_commands.h"
#include "server/issuer/member_list.h"
#include "server/listen_address.h"
#include "server/periodic_task.h"
#include "server/process.h"
#include "storage/kek_file.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::Duration kDrainPatience = absl::Seconds(5);
constexpr absl::Duration kTidyInterval = absl::Seconds(1);

// What the commands take; each reads what it asked for.
struct Options {
  std::string data;
  std::string kek;
  std::string file;
  std::string out;
  std::string listen = "127.0.0.1:50061";
  std::string http;
  std::vector<std::string> members;
  bool json = false;
};

absl::Status CheckReferences(const std::vector<std::string>& references) {
  for (const std::string& reference : references) {
    if (!IsMemberReference(reference)) {
      return command::WrongUse(
          "A member's reference has 1 to 64 characters, on one line.");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<IssuerStore>> OpenStore(const Options& options) {
  return IssuerStore::Open(options.data, options.kek);
}

absl::Status Init(const Options& options) {
  crypto::SodiumRandom random;
  COMMONWAGE_RETURN_IF_ERROR(
      command::RefuseKeyInside(options.data, options.kek));
  if (!std::filesystem::exists(options.kek)) {
    COMMONWAGE_RETURN_IF_ERROR(crypto::CreateKeyFile(options.kek, random));
    std::cout << "Made the key file. Keep a copy of it apart from the data.\n";
  }
  COMMONWAGE_RETURN_IF_ERROR(
      IssuerStore::Create(options.data, options.kek, random).status());
  std::cout << command::WhatErasureRestsOn(
                   storage::CheckKekReplaceable(options.kek))
            << "The union office's directory is ready. Next: members import.\n";
  return absl::OkStatus();
}

absl::Status AddMembers(const Options& options,
                        const std::vector<std::string>& references) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const int64_t added,
                              store->roll().AddMembers(references));
  std::cout << "Members added: " << added
            << ". Next: members export-codes, for their letters.\n";
  return absl::OkStatus();
}

absl::Status ImportMembers(const Options& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string csv,
      command::ReadWholeFile({options.file, "list of members"},
                             kMaxMemberListBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<std::string> references,
                              ParseMemberList(csv));
  return AddMembers(options, references);
}

// Those named, or else every member without a code.
absl::StatusOr<std::vector<std::string>> WhoNeedsCodes(IssuerStore& store,
                                                       const Options& options) {
  if (!options.members.empty()) {
    return options.members;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const auto members, store.roll().ListMembers());
  std::vector<std::string> references;
  for (const storage::MemberSummary& member : members) {
    if (!member.removed && !member.has_code) {
      references.push_back(member.reference);
    }
  }
  return references;
}

absl::Status ExportCodes(const Options& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<std::string> references,
                              WhoNeedsCodes(*store, options));
  COMMONWAGE_ASSIGN_OR_RETURN(
      command::OutputFile file,
      command::OutputFile::Create({options.out, "list of codes"},
                                  command::Readers::kOwner));
  crypto::SodiumRandom random;
  const auto write = [&file](absl::Span<const NewCode> codes) -> absl::Status {
    COMMONWAGE_RETURN_IF_ERROR(file.Append(WriteCodeList(codes)));
    return file.Sync();
  };
  COMMONWAGE_RETURN_IF_ERROR(store->DrawCodes(references, random, write));
  if (const absl::Status placed = file.Commit(); !placed.ok()) {
    // They work already, so this is the one failure that must not remove them.
    return Refusal(
        placed.code(), ReasonOf(placed),
        absl::StrCat(placed.message(),
                     " The codes are drawn all the same, and "
                     "are in that directory, in the file ",
                     std::filesystem::path(file.Keep()).filename().string(),
                     "."));
  }
  std::cout << "Codes drawn: " << references.size()
            << ". They are in that file and nowhere else: print the letters, "
               "then destroy it.\n";
  return absl::OkStatus();
}

absl::Status RemoveMembers(const Options& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  for (const std::string& reference : options.members) {
    COMMONWAGE_RETURN_IF_ERROR(store->roll().RemoveMember(reference));
  }
  std::cout << "Removed. A credential that was issued before stays valid for "
               "its round: nobody can tell which one it is.\n";
  return absl::OkStatus();
}

absl::Status ListMembers(const Options& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto members, store->roll().ListMembers());
  v1::MemberListReport report;
  for (const storage::MemberSummary& member : members) {
    v1::MemberReport& line = *report.add_members();
    line.set_member(member.reference);
    line.set_has_code(member.has_code);
    line.set_removed(member.removed);
    if (!options.json) {
      std::cout << member.reference
                << (member.removed    ? "  removed"
                    : member.has_code ? "  has a code"
                                      : "  without a code")
                << "\n";
    }
  }
  if (options.json) {
    std::cout << command::JsonText(report);
  }
  return absl::OkStatus();
}

absl::Status Serve(const Options& options) {
  HardenProcess();
  StopSignals stop;
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

void AddMemberCommands(command::CommandLine& line, Options& options) {
  CLI::App* members = line.app().add_subcommand("members", "Who may speak");
  members->require_subcommand(1);
  CLI::App* add = AddCommand(*members, "add", "Add members", options);
  add->add_option("MEMBER", options.members, "References")->required();
  line.OnCommand(add, [&options] {
    const absl::Status checked = CheckReferences(options.members);
    return checked.ok() ? AddMembers(options, options.members) : checked;
  });
  CLI::App* import =
      AddCommand(*members, "import", "Add members from a CSV", options);
  import->add_option("FILE", options.file, "CSV with a column named member")
      ->required();
  line.OnCommand(import, [&options] { return ImportMembers(options); });
  CLI::App* codes = AddCommand(*members, "export-codes",
                               "Draw codes for letters; those who have one "
                               "keep it unless named",
                               options);
  codes->add_option("--out", options.out, "CSV to write")->required();
  codes->add_option("--member", options.members,
                    "Only these; their old codes work no more");
  line.OnCommand(codes, [&options] { return ExportCodes(options); });
  CLI::App* remove = AddCommand(*members, "remove", "End memberships", options);
  remove->add_option("MEMBER", options.members, "References")->required();
  line.OnCommand(remove, [&options] { return RemoveMembers(options); });
  CLI::App* list = AddCommand(*members, "list", "Show the members", options);
  list->add_flag("--json", options.json, "Print JSON");
  line.OnCommand(list, [&options] { return ListMembers(options); });
}

int Main(int argc, const char* const* argv) {
  Options options;
  KeyOptions key_options;
  command::CommandLine line(
      "commonwage-issuer",
      "Gives members of a union credentials that nobody can link to what they "
      "submit.");
  CLI::App* init = AddCommand(line.app(), "init",
                              "Make the union office's directory", options);
  line.OnCommand(init, [&options] { return Init(options); });
  AddMemberCommands(line, options);
  AddKeyCommands(line, key_options);
  CLI::App* serve = AddCommand(line.app(), "serve",
                               "Answer members, until told to stop", options);
  serve
      ->add_option("--listen", options.listen,
                   "ADDR:PORT on this machine, for gRPC")
      ->capture_default_str();
  serve->add_option("--http", options.http,
                    "ADDR:PORT on this machine, for the page /enrol");
  line.OnCommand(serve, [&options] { return Serve(options); });
  return line.Run(argc, argv);
}

}  // namespace
}  // namespace commonwage::server::issuer

int main(int argc, char** argv) {
  return commonwage::server::issuer::Main(argc, argv);
}
