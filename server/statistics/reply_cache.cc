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
#include "figures/door.h"
#include "figures/request/resource_name.h"

namespace commonwage::server::statistics {
namespace {

constexpr size_t kCacheBytes = size_t{64} << 20U;
// What an entry costs besides its bytes, roughly.
constexpr size_t kEntryBytes = 256;

template <typename Request>
absl::StatusOr<Request> Parse(absl::string_view bytes) {
  Request request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refusal(Reason::kRequestMalformed,
                   "The request is not a message of this API.");
  }
  return request;
}

// The releases of one list. Both must outlive it.
class ListedReleases final : public figures::ReleaseSource {
 public:
  ListedReleases(const ReleaseList& list, ReleaseIndex& index)
      : list_(list), index_(index) {}

  absl::StatusOr<std::shared_ptr<const figures::LoadedRelease>> Load(
      const std::string& round_id) override {
    return index_.Load(round_id);
  }

  absl::StatusOr<std::vector<std::shared_ptr<const figures::LoadedRelease>>>
  LoadSurvey(const std::string& survey) override {
    std::vector<std::shared_ptr<const figures::LoadedRelease>> releases;
    for (size_t i = 0; i < list_.ids.size(); ++i) {
      if (list_.entries[i].survey == survey) {
        COMMONWAGE_ASSIGN_OR_RETURN(auto release, index_.Load(list_.ids[i]));
        releases.push_back(std::move(release));
      }
    }
    if (releases.empty()) {
      return Refusal(Reason::kUnknownRelease,
                     "This server has no release of such a survey.");
    }
    std::reverse(releases.begin(), releases.end());
    return releases;
  }

 private:
  const ReleaseList& list_;
  ReleaseIndex& index_;
};

absl::StatusOr<v1::ListReleasesResponse> List(
    const v1::ListReleasesRequest& request, const ReleaseList& list,
    ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const figures::Page page,
      figures::PageOf(list.ids, request.page_size(), request.page_token()));
  v1::ListReleasesResponse reply;
  for (size_t i = page.begin; i < page.end; ++i) {
    COMMONWAGE_ASSIGN_OR_RETURN(const figures::ReleaseIdentity identity,
                                index.IdentityOf(list.ids[i]));
    v1::ReleaseSummary* summary = reply.add_releases();
    summary->set_name(figures::ReleaseName(list.ids[i]));
    summary->set_survey(list.entries[i].survey);
    summary->set_round(list.entries[i].round);
    summary->set_admission(figures::ToProto(identity.admission));
    summary->set_release_digest(std::string(identity.digest.view()));
  }
  reply.set_next_page_token(page.next_page_token);
  return reply;
}

absl::StatusOr<std::string> ServeList(absl::string_view bytes,
                                      const ReleaseList& list,
                                      ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto request,
                              Parse<v1::ListReleasesRequest>(bytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto reply, List(request, list, index));
  return reply.SerializeAsString();
}

template <typename Request>
absl::StatusOr<std::string> ServeFigures(absl::string_view bytes,
                                         const ReleaseList& list,
                                         ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Request request, Parse<Request>(bytes));
  ListedReleases releases(list, index);
  COMMONWAGE_ASSIGN_OR_RETURN(const auto reply,
                              figures::Reply(request, releases));
  return reply.SerializeAsString();
}

absl::StatusOr<std::string> Download(absl::string_view bytes,
                                     ReleaseIndex& index) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto request,
                              Parse<v1::DownloadReleaseRequest>(bytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string id,
                              figures::ParseReleaseName(request.name()));
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
      return ServeList(request, list, index_);
    case Call::kDownloadRelease:
      return Download(request, index_);
    case Call::kSummarize:
      return ServeFigures<v1::SummarizeRequest>(request, list, index_);
    case Call::kCompare:
      return ServeFigures<v1::CompareRequest>(request, list, index_);
    case Call::kTrend:
      return ServeFigures<v1::TrendRequest>(request, list, index_);
  }
  return absl::InternalError("unknown call");
}

}  // namespace commonwage::server::statistics
