// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_admission.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "server/issuer/member_identity.h"
#include "server/issuer/member_list.h"
#include "storage/members/member_roll.h"

namespace commonwage::server::issuer {
namespace {

// A member that others are compared with.
struct Known {
  MemberIdentity identity;
  bool on_roll = false;
  std::string place;  // Where the list names it; empty: not so far.
};

// Members by everything that is compared of them.
class KnownMembers {
 public:
  KnownMembers(absl::Span<const storage::MemberSummary> members,
               const MemberIdentifier& identifier) {
    for (const storage::MemberSummary& member : members) {
      absl::StatusOr<MemberIdentity> identity =
          identifier.Identify(member.reference);
      // Whoever is on the roll stays, by whatever name they came.
      if (!identity.ok()) {
        identity = MemberIdentity{.reference = member.reference,
                                  .key = member.reference,
                                  .number = member.reference,
                                  .looks = {}};
      }
      identity->reference = member.reference;
      Add({*std::move(identity), /*on_roll=*/true, ""});
    }
  }

  Known& Add(Known added) {
    Known& known = known_.emplace_back(std::move(added));
    same_.try_emplace(known.identity.key, &known);
    numbers_.try_emplace(known.identity.number, &known);
    looks_.resize(std::max(looks_.size(), known.identity.looks.size()));
    for (size_t i = 0; i < known.identity.looks.size(); ++i) {
      looks_[i].try_emplace(known.identity.looks[i], &known);
    }
    return known;
  }

  // Return nullptr if there is none.
  Known* FindSame(const MemberIdentity& identity) {
    return Find(same_, identity.key);
  }
  const Known* FindSameNumber(const MemberIdentity& identity) {
    return Find(numbers_, identity.number);
  }
  const Known* FindLookAlike(const MemberIdentity& identity) {
    for (size_t i = 0; i < identity.looks.size() && i < looks_.size(); ++i) {
      if (const Known* found = Find(looks_[i], identity.looks[i])) {
        return found;
      }
    }
    return nullptr;
  }

 private:
  // The first of its kind.
  using Index = absl::flat_hash_map<std::string, Known*>;

  static Known* Find(const Index& index, const std::string& key) {
    const auto found = index.find(key);
    return found == index.end() ? nullptr : found->second;
  }

  std::deque<Known> known_;  // They stay where they are.
  Index same_;
  Index numbers_;
  std::vector<Index> looks_;
};

std::string Quoted(absl::string_view reference) {
  return absl::StrCat("\"", reference, "\"");
}

std::string Named(const Known& known) {
  return absl::StrCat(Quoted(known.identity.reference), " (", known.place,
                      known.on_roll && !known.place.empty() ? ", " : "",
                      known.on_roll ? "on the roll" : "", ")");
}

// What is wrong with a new member beside those that are known, or "".
std::string Confusion(const MemberIdentity& identity, KnownMembers& known) {
  if (const Known* other = known.FindSameNumber(identity)) {
    return absl::StrCat(
        Quoted(identity.reference), " is ", Named(*other),
        " but for zeros, which a spreadsheet may have dropped or added: spell "
        "it alike if it is the same member; if not, see `members add "
        "--distinct`");
  }
  if (const Known* other = known.FindLookAlike(identity)) {
    return absl::StrCat(Quoted(identity.reference), " looks like ",
                        Named(*other),
                        ": spell it alike if it is the same member; if not, "
                        "see `members add --distinct`");
  }
  return "";
}

}  // namespace

absl::StatusOr<std::vector<std::string>> AdmitMembers(
    absl::Span<const ListedMember> listed,
    absl::Span<const storage::MemberSummary> members, LookAlikes look_alikes,
    const MemberIdentifier& identifier) {
  KnownMembers known(members, identifier);
  std::vector<std::string> references;
  std::vector<Fault> faults;
  for (const ListedMember& member : listed) {
    if (faults.size() == kMaxListFaults) {
      break;
    }
    Known* same = known.FindSame(member.identity);
    if (same != nullptr && !same->place.empty()) {
      faults.push_back(
          {member.place, absl::StrCat(Quoted(member.identity.reference), " is ",
                                      Named(*same), " once more")});
      continue;
    }
    if (same == nullptr) {
      const std::string confusion = look_alikes == LookAlikes::kRefused
                                        ? Confusion(member.identity, known)
                                        : "";
      if (!confusion.empty()) {
        faults.push_back({member.place, confusion});
      }
      same = &known.Add({member.identity, /*on_roll=*/false, ""});
    }
    same->place = member.place;
    references.push_back(same->identity.reference);
  }
  return faults.empty()
             ? absl::StatusOr<std::vector<std::string>>(std::move(references))
             : MemberListFaulty(faults);
}

absl::StatusOr<std::vector<std::string>> FindMembers(
    absl::Span<const std::string> named,
    absl::Span<const storage::MemberSummary> members,
    const MemberIdentifier& identifier) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<ListedMember> wanted,
                              NamedMembers(named, identifier));
  KnownMembers known(members, identifier);
  std::vector<std::string> references;
  std::vector<Fault> faults;
  for (const ListedMember& member : wanted) {
    Known* const same = known.FindSame(member.identity);
    if (same == nullptr) {
      const Known* like = known.FindSameNumber(member.identity);
      like = like == nullptr ? known.FindLookAlike(member.identity) : like;
      faults.push_back(
          {member.place,
           absl::StrCat(Quoted(member.identity.reference),
                        " is not on the roll",
                        like == nullptr
                            ? ""
                            : absl::StrCat("; it looks like ",
                                           Quoted(like->identity.reference)))});
    } else if (std::exchange(same->place, member.place).empty()) {
      references.push_back(same->identity.reference);
    }
  }
  if (!faults.empty()) {
    return RefusalOfFields(Reason::kMemberUnknown,
                           "There is no such member; nothing was changed. List "
                           "the members to see their references.",
                           faults);
  }
  return references;
}

absl::StatusOr<std::vector<ListedMember>> NamedMembers(
    absl::Span<const std::string> named, const MemberIdentifier& identifier) {
  std::vector<ListedMember> members;
  std::vector<Fault> faults;
  for (size_t i = 0; i < named.size(); ++i) {
    const std::string place = absl::StrCat("member ", i + 1);
    absl::StatusOr<MemberIdentity> identity = identifier.Identify(named[i]);
    if (identity.ok()) {
      members.push_back({place, *std::move(identity)});
    } else {
      faults.push_back({place, std::string(identity.status().message())});
    }
  }
  return faults.empty()
             ? absl::StatusOr<std::vector<ListedMember>>(std::move(members))
             : MemberListFaulty(faults);
}

}  // namespace commonwage::server::issuer
