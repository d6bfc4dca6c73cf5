// SPDX-License-Identifier: Apache-2.0
// What is wrong with a request, field by field, as every door says it.

#ifndef COMMONWAGE_FIGURES_REQUEST_FAULTS_H_
#define COMMONWAGE_FIGURES_REQUEST_FAULTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/error.h"

#include <google/protobuf/repeated_field.h>

namespace commonwage::figures {

// The error for a request with one faulty field: INVALID_ARGUMENT, reason
// REQUEST_FAULTY.
absl::Status FaultyField(absl::string_view field, absl::string_view sentence);

// Collects what is wrong with a request, so that all of it is said at once.
// Places are fields of the request, such as "where[0].values". Reveals nothing
// of what was sent.
class Faults {
 public:
  void Add(std::string place, absl::string_view sentence);

  // Each adds a fault unless the value is one: an identifier; a list of
  // identifiers, none of them twice; a number above 0 and below 1.
  void CheckIdentifier(absl::string_view place, absl::string_view text);
  void CheckIdentifiers(
      absl::string_view place,
      const google::protobuf::RepeatedPtrField<std::string>& list);
  void CheckProbability(absl::string_view place, double p);

  // OK if nothing was added; else as FaultyField, with every field at fault.
  [[nodiscard]] absl::Status ToStatus() const;

 private:
  std::vector<Fault> faults_;
};

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_REQUEST_FAULTS_H_
