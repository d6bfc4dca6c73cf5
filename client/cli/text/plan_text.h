// SPDX-License-Identifier: Apache-2.0
// What a round asks, and what can be asked of it once it is published.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_PLAN_TEXT_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_PLAN_TEXT_H_

#include <string>

#include "survey/plan/plan.h"

namespace commonwage::client::cli {

// Returns the answers that a round takes, a line per question.
std::string QuestionsText(const Plan& plan);

// Returns the tables that a round publishes, a line per table with the options
// of `commonwage stats` that ask for it.
std::string TablesText(const Plan& plan);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_PLAN_TEXT_H_
