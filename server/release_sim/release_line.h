// SPDX-License-Identifier: Apache-2.0
// A release as one line of JSON, written as fast as it is drawn.

#ifndef COMMONWAGE_SERVER_RELEASE_SIM_RELEASE_LINE_H_
#define COMMONWAGE_SERVER_RELEASE_SIM_RELEASE_LINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "survey/plan/plan.h"
#include "survey/release.h"

namespace commonwage::server::release_sim {

// Writes releases of one plan. All text that does not change from release to
// release is made once.
class ReleaseLine {
 public:
  // Needs a plan that ParsePlan accepted: its names need no escapes.
  explicit ReleaseLine(const Plan& plan);

  // Appends {"run":N,"marginals":[{"id":"...","cells":[{"key":{...},
  // "released":true,"nodes":[...]},{"key":{...},"released":false}]}]} and a
  // line end to `out`, without the spaces. Needs a release of the plan.
  void Append(int64_t run, const Release& release, std::string& out) const;

 private:
  struct MarginalText {
    std::string head;                // {"id":"...","cells":[
    std::vector<std::string> cells;  // {"key":{...},"released":
  };

  std::vector<MarginalText> marginals_;
};

}  // namespace commonwage::server::release_sim

#endif  // COMMONWAGE_SERVER_RELEASE_SIM_RELEASE_LINE_H_
