// SPDX-License-Identifier: Apache-2.0
// Resource names, "<collection>/<identifier>", and pages of a list, as in
// google.aip.dev/122 and /158.

#ifndef COMMONWAGE_FIGURES_REQUEST_RESOURCE_NAME_H_
#define COMMONWAGE_FIGURES_REQUEST_RESOURCE_NAME_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace commonwage::figures {

// Returns "<collection>/<round_id>".
std::string RoundName(absl::string_view collection, absl::string_view round_id);

// Returns the round's identifier in `name`, which the request's field `field`
// holds and which must be RoundName(collection, ...).
//
// Fails as FaultyField (faults.h).
absl::StatusOr<std::string> ParseRoundName(absl::string_view collection,
                                           absl::string_view field,
                                           absl::string_view name);

// A stretch [begin, end) of a list, and what asks for the next one.
struct Page {
  size_t begin = 0;
  size_t end = 0;
  std::string next_page_token;  // Empty on the last page.
};

// Returns the page of the list of `ids` that `page_size` and `page_token` of a
// request ask for. At most 100 entries, which is what page_size 0 means too.
//
// Fails as FaultyField if the size is negative or the token not one of ours.
absl::StatusOr<Page> PageOf(absl::Span<const std::string> ids,
                            int32_t page_size, absl::string_view page_token);

// Ends `page` before its entry `end`, which is not its first.
void CutPage(absl::Span<const std::string> ids, size_t end, Page& page);

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_REQUEST_RESOURCE_NAME_H_
