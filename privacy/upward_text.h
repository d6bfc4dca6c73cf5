// SPDX-License-Identifier: Apache-2.0
// A bound in decimal: the last digit that is shown is never rounded down. For
// epsilons, deltas and whatever else promises "at most".

#ifndef COMMONWAGE_PRIVACY_UPWARD_TEXT_H_
#define COMMONWAGE_PRIVACY_UPWARD_TEXT_H_

#include <cstdint>
#include <string>

namespace commonwage::privacy {

// Returns the least number of `decimals` decimals that is not below `value`,
// such as "3.84". Needs value >= 0 and decimals >= 0; returns "inf" for
// infinity.
std::string RoundedUp(double value, int decimals);

// The same with two digits and an exponent, such as "1.8e-07"; "0" for 0.
std::string SmallRoundedUp(double value);

// Returns cases of 10,000 as cases of 100 with one decimal, such as "78.9".
std::string CasesInHundred(int64_t cases_in_ten_thousand);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_UPWARD_TEXT_H_
