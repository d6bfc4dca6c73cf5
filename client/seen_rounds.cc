// SPDX-License-Identifier: Apache-2.0
#include "client/seen_rounds.h"

#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "artefacts/artefact_hash.h"
#include "artefacts/signed_cancellation.h"
#include "artefacts/signers.h"
#include "base/error.h"
#include "privacy/ledger_entry.h"
#include "survey/domain_labels.h"
#include "survey/manifest.h"

namespace commonwage::client {
namespace {

// A page is a hundred rounds, or about a megabyte of them.
constexpr int kMaxPages = 64;

constexpr absl::string_view kTellTheUnion =
    " Do not answer; nothing was sent. Tell the union. If you have answered "
    "already, `commonwage withdraw` takes that back while the round is open.";

std::string SentenceFor(const privacy::SurveyLedger& ledger,
                        const privacy::LedgerFault& fault) {
  const privacy::LedgerEntry& entry = ledger.entries[fault.entry];
  switch (fault.kind) {
    case privacy::LedgerFaultKind::kTwoManifests:
      return absl::StrCat(
          "The survey's key has signed two different sets of "
          "rules for round ",
          entry.round_id, ". Rules cannot change.", kTellTheUnion);
    case privacy::LedgerFaultKind::kCapRaised:
      return absl::StrCat(
          "This survey has set a limit on what all its rounds together can "
          "tell about you, and round ",
          entry.round_id, " raises it, which may never happen.", kTellTheUnion);
    case privacy::LedgerFaultKind::kCapExceeded:
      return absl::StrCat(
          "This survey has set a limit on what all its rounds together can "
          "tell about you (",
          ledger.cap_micro_rho,
          " micro-rho), and the rounds that were made "
          "pass it (",
          ledger.spent_micro_rho, ").", kTellTheUnion);
  }
  return "";
}

SeenRound RecordOf(const privacy::LedgerEntry& entry) {
  SeenRound seen;
  seen.set_round_id(entry.round_id);
  seen.set_manifest_hash(std::string(entry.manifest_hash.view()));
  seen.set_opens_at_nanos(absl::ToUnixNanos(entry.opens_at));
  seen.set_closes_at_nanos(absl::ToUnixNanos(entry.closes_at));
  seen.set_loss_micro_rho(entry.loss_micro_rho);
  seen.set_cap_micro_rho(entry.cap_micro_rho);
  return seen;
}

}  // namespace

void KnownRounds::Add(const KnownRounds& others) {
  entries.insert(entries.end(), others.entries.begin(), others.entries.end());
  called_off.insert(others.called_off.begin(), others.called_off.end());
  released.insert(others.released.begin(), others.released.end());
}

void KnownRounds::Note(v1::RoundState state,
                       const ManifestHash& manifest_hash) {
  if (IsReleased(state)) {
    released.insert(manifest_hash);
  } else if (state == v1::ROUND_STATE_CANCELLED) {
    called_off.insert(manifest_hash);
  }
}

void KnownRounds::Add(const TrustedRound& round) {
  entries.push_back(
      privacy::LedgerEntryOf(round.manifest.plan, round.manifest_hash));
  Note(round.state, round.manifest_hash);
}

KnownRounds CollectEntries(
    const google::protobuf::RepeatedPtrField<v1::Round>& rounds,
    const crypto::VerifyKey& survey_key) {
  KnownRounds known;
  for (const v1::Round& round : rounds) {
    const std::string& bytes = round.signed_manifest().manifest();
    if (!artefacts::IsAmong(
            artefacts::VerifySigners(round.signed_manifest().signatures(),
                                     kManifestSignatureLabel, bytes),
            survey_key)) {
      continue;
    }
    const absl::StatusOr<Manifest> manifest = ParseManifest(bytes);
    if (!manifest.ok()) {
      continue;
    }
    const ManifestHash hash = artefacts::HashOfManifest(bytes);
    known.entries.push_back(privacy::LedgerEntryOf(manifest->plan, hash));
    if (IsReleased(round.state())) {
      known.released.insert(hash);
    } else if (artefacts::CallsOff(round.cancellation(), hash, survey_key)) {
      known.called_off.insert(hash);
    }
  }
  return known;
}

KnownRounds ListedEntries(ServerApi& server,
                          const crypto::VerifyKey& survey_key) {
  KnownRounds known;
  v1::ListRoundsRequest request;
  for (int page = 0; page < kMaxPages; ++page) {
    const absl::StatusOr<v1::ListRoundsResponse> listed =
        server.ListRounds(request);
    if (!listed.ok()) {
      break;
    }
    known.Add(CollectEntries(listed->rounds(), survey_key));
    if (listed->next_page_token().empty() ||
        listed->next_page_token() == request.page_token()) {
      break;
    }
    request.set_page_token(listed->next_page_token());
  }
  return known;
}

absl::Status CheckPromise(KnownRounds known) {
  for (const ManifestHash& hash : known.released) {
    known.called_off.erase(hash);
  }
  for (const privacy::SurveyLedger& ledger :
       privacy::LedgersOf(std::move(known.entries), known.called_off)) {
    if (!ledger.faults.empty()) {
      const privacy::LedgerFault& fault = ledger.faults.front();
      return Refusal(privacy::ReasonFor(fault.kind),
                     SentenceFor(ledger, fault));
    }
    if (ledger.entries.size() > kMaxSeenRounds) {
      return Refusal(Reason::kRoundsTooMany,
                     "This survey has more rounds than a wallet can keep "
                     "account of. Nothing was sent; ask the union for a new "
                     "survey.");
    }
  }
  return absl::OkStatus();
}

void HoldTogether(std::vector<TrustedRound>& rounds) {
  std::map<crypto::VerifyKey, KnownRounds> by_key;
  for (const TrustedRound& round : rounds) {
    by_key[round.survey_key].Add(round);
  }
  for (TrustedRound& round : rounds) {
    round.promise = CheckPromise(by_key[round.survey_key]);
  }
}

KnownRounds SeenEntries(const SurveyRecord& survey) {
  KnownRounds known;
  for (const SeenRound& seen : survey.seen()) {
    privacy::LedgerEntry entry;
    entry.survey = survey.survey();
    entry.round_id = seen.round_id();
    entry.manifest_hash =
        ManifestHash::From(seen.manifest_hash()).value_or(ManifestHash());
    entry.opens_at = absl::FromUnixNanos(seen.opens_at_nanos());
    entry.closes_at = absl::FromUnixNanos(seen.closes_at_nanos());
    entry.loss_micro_rho = seen.loss_micro_rho();
    entry.cap_micro_rho = seen.cap_micro_rho();
    if (seen.called_off()) {
      known.called_off.insert(entry.manifest_hash);
    }
    if (seen.released()) {
      known.released.insert(entry.manifest_hash);
    }
    known.entries.push_back(std::move(entry));
  }
  return known;
}

void RememberSeen(const KnownRounds& known, SurveyRecord& survey) {
  absl::flat_hash_map<std::string, SeenRound*> seen;
  for (SeenRound& round : *survey.mutable_seen()) {
    seen.emplace(round.manifest_hash(), &round);
  }
  for (const privacy::LedgerEntry& entry : known.entries) {
    SeenRound*& round = seen[std::string(entry.manifest_hash.view())];
    if (round == nullptr && entry.survey == survey.survey() &&
        static_cast<size_t>(survey.seen_size()) < kMaxSeenRounds) {
      round = survey.add_seen();
      *round = RecordOf(entry);
    }
    if (round != nullptr) {
      round->set_called_off(round->called_off() ||
                            known.called_off.contains(entry.manifest_hash));
      round->set_released(round->released() ||
                          known.released.contains(entry.manifest_hash));
    }
  }
}

}  // namespace commonwage::client
