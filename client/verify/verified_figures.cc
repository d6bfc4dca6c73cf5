// SPDX-License-Identifier: Apache-2.0
#include "client/verify/verified_figures.h"

#include <utility>

#include "base/status_macros.h"
#include "crypto/hash.h"
#include "figures/release_identity.h"
#include "figures/replies.h"
#include "survey/domain_labels.h"
#include "survey/plan/plan.h"

namespace commonwage::client {

absl::StatusOr<std::vector<v1::SummarizeResponse>> TablesOf(
    const privacy::estimate::Figures& figures,
    const v1::SignedRelease& release) {
  const Manifest& manifest = figures.manifest();
  const figures::ReleaseIdentity identity = figures::IdentityOf(
      release.release(), manifest, figures.release().manifest_hash);
  std::vector<v1::SummarizeResponse> tables;
  for (const Marginal& marginal : manifest.plan.marginals) {
    figures::SummaryQuestion question;
    question.measure = marginal.measure;
    question.by = marginal.by;
    question.statistics.set_count(true);
    for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9}) {
      question.statistics.add_quantiles(p);
    }
    COMMONWAGE_ASSIGN_OR_RETURN(
        v1::SummarizeResponse table,
        figures::Summarize(question, figures, identity));
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace commonwage::client
