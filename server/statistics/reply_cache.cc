// SPDX-License-Identifier: Apache-2.0
#include "server/statistics/reply_cache.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "privacy/estimate/summary.h"
#include "privacy/estimate/trend.h"
#include "server/resource_name.h"
#include "server/statistics/replies.h"
#include "server/statistics/requests.h"

namespace commonwage::server::statistics {
namespace {

namespace estimate = privacy::estimate;

constexpr absl::string_view kCollection = "releases";
constexpr size_t kCacheBytes = size_t{64} << 20U;
// What an entry costs besides its bytes, roughly.
constexpr size_t kEntryBytes = 256;

template <typename Request>
absl::StatusOr<Request> Parse(absl::string_view bytes) {
  Request request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refusal(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                   "The request is not a message of this API.");
  }
  return request;
}

absl::StatusOr<v1::ListReleasesResponse> Work(
    const v1::ListReleasesRequest& request, const ReleaseList& list,
    ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const Page page,
      PageOf(list.ids, request.page_size(), request.page_token()));
  v1::ListReleasesResponse reply;
  for (size_t i = page.begin; i < page.end; ++i) {
    COMMONWAGE_ASSIGN_OR_RETURN(const ReleaseCard card,
                                index.CardOf(list.ids[i]));
    v1::ReleaseSummary* summary = reply.add_releases();
    summary->set_name(RoundName(kCollection, list.ids[i]));
    summary->set_survey(list.entries[i].survey);
    summary->set_round(list.entries[i].round);
    summary->set_admission(AdmissionToProto(card.admission));
    summary->set_release_digest(std::string(card.digest.view()));
  }
  reply.set_next_page_token(page.next_page_token);
  return reply;
}

absl::StatusOr<std::shared_ptr<const LoadedRelease>> Load(
    const std::string& name, ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string id,
                              ParseRoundName(kCollection, "name", name));
  return index.Load(id);
}

absl::StatusOr<v1::SummarizeResponse> Work(const v1::SummarizeRequest& request,
                                           const ReleaseList& /*list*/,
                                           ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::SummaryRequest question,
                              ToQuestion(request));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto release, Load(request.name(), index));
  COMMONWAGE_RETURN_IF_ERROR(
      CheckAnswerSize(question, release->figures.manifest().plan));
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::SummaryResult result,
                              release->figures.Summarize(question));
  return ToReply(result, *release);
}

absl::StatusOr<v1::CompareResponse> Work(const v1::CompareRequest& request,
                                         const ReleaseList& /*list*/,
                                         ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::CompareRequest question,
                              ToQuestion(request));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto release, Load(request.name(), index));
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::CompareResult result,
                              release->figures.Compare(question));
  return ToReply(result, *release);
}

absl::StatusOr<v1::TrendResponse> Work(const v1::TrendRequest& request,
                                       const ReleaseList& list,
                                       ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::TrendRequest question,
                              ToQuestion(request));
  std::vector<std::shared_ptr<const LoadedRelease>> releases;
  for (size_t i = 0; i < list.ids.size(); ++i) {
    if (list.entries[i].survey == request.survey()) {
      COMMONWAGE_ASSIGN_OR_RETURN(auto release, index.Load(list.ids[i]));
      releases.push_back(std::move(release));
    }
  }
  if (releases.empty()) {
    return Refusal(absl::StatusCode::kNotFound, "UNKNOWN_RELEASE",
                   "This server has no release of such a survey.");
  }
  std::reverse(releases.begin(), releases.end());
  std::vector<const estimate::Figures*> rounds;
  rounds.reserve(releases.size());
  for (const auto& release : releases) {
    rounds.push_back(&release->figures);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::TrendResult result,
                              estimate::Trend(rounds, question));
  return ToReply(result, releases);
}

template <typename Request>
absl::StatusOr<std::string> Serve(absl::string_view bytes,
                                  const ReleaseList& list,
                                  ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Request request, Parse<Request>(bytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto reply, Work(request, list, index));
  return reply.SerializeAsString();
}

absl::StatusOr<std::string> Download(absl::string_view bytes,
                                     ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto request,
                              Parse<v1::DownloadReleaseRequest>(bytes));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string id,
      ParseRoundName(kCollection, "name", request.name()));
  return index.ReadSigned(id);
}

// Replies about lists change with the list; the generation keeps them apart.
std::string KeyOf(Call call, absl::string_view request,
                  const ReleaseList& list) {
  return absl::StrCat(std::string(1, static_cast<char>(call)), list.generation,
                      ":", request);
}

}  // namespace

ReplyCache::ReplyCache(ReleaseIndex& index)
    : index_(index), finished_(kCacheBytes) {}

ReplyBytes ReplyCache::FindReply(Call call, absl::string_view request) {
  return finished_.Find(KeyOf(call, request, *index_.List()));
}

absl::StatusOr<ReplyBytes> ReplyCache::Reply(Call call,
                                             absl::string_view request) {
  const std::shared_ptr<const ReleaseList> list = index_.List();
  std::string key = KeyOf(call, request, *list);
  if (ReplyBytes finished = finished_.Find(key); finished != nullptr) {
    return finished;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::string bytes, Work(call, request, *list));
  auto reply = std::make_shared<const std::string>(std::move(bytes));
  const size_t cost = 2 * key.size() + reply->size() + kEntryBytes;
  finished_.Insert(std::move(key), reply, cost);
  return reply;
}

absl::StatusOr<std::string> ReplyCache::Work(Call call,
                                             absl::string_view request,
                                             const ReleaseList& list) {
  switch (call) {
    case Call::kListReleases:
      return Serve<v1::ListReleasesRequest>(request, list, index_);
    case Call::kDownloadRelease:
      return Download(request, index_);
    case Call::kSummarize:
      return Serve<v1::SummarizeRequest>(request, list, index_);
    case Call::kCompare:
      return Serve<v1::CompareRequest>(request, list, index_);
    case Call::kTrend:
      return Serve<v1::TrendRequest>(request, list, index_);
  }
  return absl::InternalError("unknown call");
}

}  // namespace commonwage::server::statistics
