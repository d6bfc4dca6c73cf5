// SPDX-License-Identifier: Apache-2.0
#include "figures/request/resource_name.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

#include "figures/request/faults.h"
#include "survey/text/identifier.h"

namespace commonwage::figures {
namespace {

constexpr size_t kMaxPageSize = 100;

}  // namespace

std::string RoundName(absl::string_view collection,
                      absl::string_view round_id) {
  return absl::StrCat(collection, "/", round_id);
}

absl::StatusOr<std::string> ParseRoundName(absl::string_view collection,
                                           absl::string_view field,
                                           absl::string_view name) {
  const bool fits = absl::ConsumePrefix(&name, collection) &&
                    absl::ConsumePrefix(&name, "/") && IsRoundId(name);
  if (!fits) {
    return FaultyField(
        field, absl::StrCat("Must be \"", collection, "/<survey>.<round>\"."));
  }
  return std::string(name);
}

absl::StatusOr<Page> PageOf(absl::Span<const std::string> ids,
                            int32_t page_size, absl::string_view page_token) {
  if (page_size < 0) {
    return FaultyField("page_size", "Must not be negative.");
  }
  Page page;
  if (!page_token.empty()) {
    const auto last = std::find(ids.begin(), ids.end(), page_token);
    if (last == ids.end()) {
      return FaultyField("page_token", "Must come from an earlier answer.");
    }
    page.begin = static_cast<size_t>(last - ids.begin()) + 1;
  }
  const auto asked = static_cast<size_t>(page_size);
  const size_t size = asked == 0 ? kMaxPageSize : std::min(asked, kMaxPageSize);
  page.end = ids.size();
  if (ids.size() - page.begin > size) {
    CutPage(ids, page.begin + size, page);
  }
  return page;
}

void CutPage(absl::Span<const std::string> ids, size_t end, Page& page) {
  page.end = end;
  page.next_page_token = ids[end - 1];
}

}  // namespace commonwage::figures
