// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_commands.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/output_directory.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "command/json_output.h"
#include "command/report.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/sodium_random.h"
#include "server/issuer/code_delivery.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/letter_files.h"
#include "server/issuer/letter_texts.h"
#include "server/issuer/letters.h"
#include "server/issuer/list_text.h"
#include "server/issuer/member_admission.h"
#include "server/issuer/member_identity.h"
#include "server/issuer/member_list.h"
#include "storage/members/member_roll.h"
#include "survey/invitation.h"

namespace commonwage::server::issuer {
namespace {

// What the commands take; each reads what it asked for.
struct MemberOptions {
  std::string data;
  std::string kek;
  std::string file;
  ListOptions list;
  CodeSelection selection;  // Its members are those of every command.
  bool distinct = false;
  std::string out;
  bool force = false;
  std::string language = "en";
  std::string title;
  std::string office;
  std::string until;
  std::string invitation;
  bool json = false;
};

absl::StatusOr<std::unique_ptr<IssuerStore>> OpenStore(
    const MemberOptions& options) {
  return IssuerStore::Open(options.data, options.kek);
}

absl::Status Admit(const MemberOptions& options,
                   const std::vector<ListedMember>& listed,
                   const MemberIdentifier& identifier) {
  const LookAlikes look_alikes =
      options.distinct ? LookAlikes::kAreOthers : LookAlikes::kRefused;
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t added,
      store->roll().AddMembers(
          [&](absl::Span<const storage::MemberSummary> members) {
            return AdmitMembers(listed, members, look_alikes, identifier);
          }));
  std::cout << "Members added: " << added << "; on the roll already: "
            << static_cast<int64_t>(listed.size()) - added
            << ". Next: members letters, or members export-codes.\n";
  return absl::OkStatus();
}

absl::Status AddMembers(const MemberOptions& options) {
  const MemberIdentifier identifier;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<ListedMember> listed,
      NamedMembers(options.selection.members, identifier));
  return Admit(options, listed, identifier);
}

absl::Status ImportMembers(const MemberOptions& options) {
  const std::vector<std::string> encodings = ListEncodings();
  if (!options.list.encoding.empty() &&
      std::find(encodings.begin(), encodings.end(), options.list.encoding) ==
          encodings.end()) {
    return command::WrongUse(absl::StrCat("--encoding takes one of ",
                                          absl::StrJoin(encodings, ", "), "."));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string bytes,
      ReadFile({options.file, "list of members"}, kMaxMemberListBytes));
  const MemberIdentifier identifier;
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<ListedMember> listed,
                              ReadMemberList(bytes, options.list, identifier));
  return Admit(options, listed, identifier);
}

absl::Status RemoveMembers(const MemberOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto members, store->roll().ListMembers());
  const MemberIdentifier identifier;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<std::string> references,
      FindMembers(options.selection.members, members, identifier));
  for (const std::string& reference : references) {
    COMMONWAGE_RETURN_IF_ERROR(store->roll().RemoveMember(reference));
  }
  std::cout << "Removed. A credential that was issued before stays valid for "
               "its round: nobody can tell which one it is.\n";
  return absl::OkStatus();
}

absl::Status ListMembers(const MemberOptions& options) {
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

// Says that codes were drawn, whatever went wrong afterwards.
absl::Status AfterDrawing(const absl::Status& failed) {
  return failed.ok()
             ? failed
             : Reworded(failed,
                        absl::StrCat(failed.message(),
                                     " The codes are drawn and kept: the same "
                                     "command with --again writes them."));
}

// Where codes go: `open` is called before they are drawn, and `write` then.
struct Output {
  absl::string_view what;
  absl::FunctionRef<absl::Status()> open;
  absl::FunctionRef<absl::Status(absl::Span<const LetterCode>)> write;
};

// Writes what is to be delivered. Touches nothing if that is nothing.
absl::Status WriteDelivery(const MemberOptions& options, IssuerStore& store,
                           const Delivery& delivery, const Output& output) {
  if (delivery.references.empty()) {
    std::cout << "Nobody is without a code; nothing was written.\n";
    return absl::OkStatus();
  }
  COMMONWAGE_RETURN_IF_ERROR(output.open());
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::vector<LetterCode> codes,
      DrawDelivery(store, delivery, options.selection, random));
  COMMONWAGE_RETURN_IF_ERROR(AfterDrawing(output.write(codes)));
  std::cout << output.what << " written: " << codes.size()
            << ". Whoever reads a code can take its member's place: hand them "
               "over, then destroy what was written.\n";
  return absl::OkStatus();
}

absl::Status Deliver(const MemberOptions& options, const Output& output) {
  if (options.selection.anew && options.selection.members.empty()) {
    return command::WrongUse(
        "--new goes with --member: it makes the old code of each one void.");
  }
  const MemberIdentifier identifier;
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const Delivery delivery,
      PlanDelivery(*store, options.selection, identifier));
  COMMONWAGE_RETURN_IF_ERROR(WriteDelivery(options, *store, delivery, output));
  if (delivery.waiting > 0 && options.selection.members.empty()) {
    std::cout << delivery.waiting
              << " more have a code that they have not used yet; --again "
                 "writes these too.\n";
  }
  return absl::OkStatus();
}

absl::Status ExportCodes(const MemberOptions& options) {
  std::optional<OutputFile> file;
  const auto open = [&]() -> absl::Status {
    COMMONWAGE_ASSIGN_OR_RETURN(
        OutputFile created,
        OutputFile::Create({options.out, "list of codes"}, Readers::kOwner,
                           IfThereWith(options.force)));
    file.emplace(std::move(created));
    return absl::OkStatus();
  };
  const auto write = [&](absl::Span<const LetterCode> codes) -> absl::Status {
    COMMONWAGE_RETURN_IF_ERROR(file->Append(WriteCodeList(codes)));
    return file->Commit();
  };
  return Deliver(options, {"Codes", open, write});
}

absl::Status AddInvitationIn(const std::string& path, LetterTerms& terms) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string content,
      ReadFile({path, "invitation"}, 2 * kMaxInvitationLength));
  return AddInvitation(content, terms);
}

absl::Status PrintLetters(const MemberOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(LetterTerms terms,
                              ParseLetterTerms(options.language, options.title,
                                               options.office, options.until));
  COMMONWAGE_RETURN_IF_ERROR(options.invitation.empty()
                                 ? absl::OkStatus()
                                 : AddInvitationIn(options.invitation, terms));
  std::optional<OutputDirectory> directory;
  const auto open = [&]() -> absl::Status {
    COMMONWAGE_ASSIGN_OR_RETURN(
        OutputDirectory created,
        OutputDirectory::Create({options.out, "directory of letters"}));
    directory.emplace(std::move(created));
    return absl::OkStatus();
  };
  const auto write = [&](absl::Span<const LetterCode> codes) -> absl::Status {
    COMMONWAGE_RETURN_IF_ERROR(WriteLetters(*directory, terms, codes));
    return directory->Commit();
  };
  return Deliver(options, {"Letters", open, write});
}

CLI::App* AddCommand(command::CommandLine& line, CLI::App& members,
                     const char* name, const char* what,
                     const std::shared_ptr<MemberOptions>& options,
                     absl::Status (*act)(const MemberOptions&)) {
  CLI::App* command = members.add_subcommand(name, what);
  command->add_option("--data", options->data, "The union office's directory")
      ->required();
  command->add_option("--kek", options->kek, "The file of the key to it")
      ->required();
  line.OnCommand(command, [options, act] { return act(*options); });
  return command;
}

void AddRollCommands(command::CommandLine& line, CLI::App& members,
                     const std::shared_ptr<MemberOptions>& shared) {
  MemberOptions& options = *shared;
  CLI::App* add =
      AddCommand(line, members, "add", "Add members", shared, AddMembers);
  add->add_option("MEMBER", options.selection.members,
                  "References, such as membership numbers")
      ->required();
  add->add_flag("--distinct", options.distinct,
                "They are other people than those they look like");
  CLI::App* import = AddCommand(
      line, members, "import",
      "Add the members of a table: CSV with commas, semicolons or tabs, in "
      "UTF-8 or UTF-16",
      shared, ImportMembers);
  import->add_option("FILE", options.file, "The table, with a head line")
      ->required();
  import->add_option("--column", options.list.column,
                     "The column of the members' references, if it has no "
                     "name that is known, such as member, id or Mitglied");
  import->add_option("--encoding", options.list.encoding,
                     "If it is an older one, such as latin1 or windows-1252");
  CLI::App* remove = AddCommand(line, members, "remove", "End memberships",
                                shared, RemoveMembers);
  remove->add_option("MEMBER", options.selection.members, "References")
      ->required();
  CLI::App* list = AddCommand(line, members, "list", "Show the members", shared,
                              ListMembers);
  list->add_flag("--json", options.json, "Print JSON");
}

void AddSelection(CLI::App* command, MemberOptions& options) {
  command->add_option("--member", options.selection.members,
                      "Only these, with the codes that they have");
  command->add_flag("--again", options.selection.again,
                    "Also those who have a code and have not used it yet: the "
                    "same code once more");
  command->add_flag("--new", options.selection.anew,
                    "New codes for each --member; the old ones work no more");
}

void AddDeliveryCommands(command::CommandLine& line, CLI::App& members,
                         const std::shared_ptr<MemberOptions>& shared) {
  MemberOptions& options = *shared;
  CLI::App* codes = AddCommand(
      line, members, "export-codes",
      "Write the codes of those who have none yet as CSV. A member that would "
      "begin a formula in a spreadsheet (= + - @) gets an apostrophe in front, "
      "which members import takes away again",
      shared, ExportCodes);
  codes->add_option("--out", options.out, "CSV to write")->required();
  codes->add_flag("--force", options.force, kForceHelp);
  AddSelection(codes, options);
  CLI::App* letters = AddCommand(
      line, members, "letters",
      "Write a letter to print for each of those who have no code yet", shared,
      PrintLetters);
  letters
      ->add_option("--out", options.out,
                   "Directory to make: a page for each, and all.html")
      ->required();
  letters
      ->add_option("--office", options.office, "The address that members go to")
      ->required();
  letters
      ->add_option("--until", options.until,
                   "The last day to take part, such as 2026-12-31")
      ->required();
  letters
      ->add_option(
          "--language", options.language,
          absl::StrCat("One of ", absl::StrJoin(LetterLanguages(), ", ")))
      ->capture_default_str();
  letters->add_option("--invitation", options.invitation,
                      "File with the survey's invitation, from the steward, to "
                      "print on every letter apart from the code");
  letters->add_option("--title", options.title,
                      "What the survey is called, in that language");
  AddSelection(letters, options);
}

}  // namespace

void AddMemberCommands(command::CommandLine& line) {
  const auto options = std::make_shared<MemberOptions>();
  CLI::App* members = line.app().add_subcommand("members", "Who may speak");
  members->require_subcommand(1);
  AddRollCommands(line, *members, options);
  AddDeliveryCommands(line, *members, options);
}

}  // namespace commonwage::server::issuer
