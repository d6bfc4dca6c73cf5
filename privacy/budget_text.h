// SPDX-License-Identifier: Apache-2.0
// What a round takes of its survey's privacy budget, as people say it. Public:
// it follows from plans alone. Spends nothing.

#ifndef COMMONWAGE_PRIVACY_BUDGET_TEXT_H_
#define COMMONWAGE_PRIVACY_BUDGET_TEXT_H_

#include <cstdint>
#include <string>

namespace commonwage::privacy {

// Returns `part` of `whole`, both in micro-rho and `whole` > 0, as "a quarter"
// where it is just that, else in per cent, rounded up: "18 %".
std::string PartInWords(int64_t part, int64_t whole);

// Returns "a quarter of the survey's privacy budget; three more rounds fit" of
// a round that costs `loss`, of the survey's cap `cap`, where `left` is left
// once it is counted; all in micro-rho, `loss` >= 0 and `cap` > 0. More rounds
// are such as cost as much.
std::string BudgetInWords(int64_t loss, int64_t cap, int64_t left);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_BUDGET_TEXT_H_
