// SPDX-License-Identifier: Apache-2.0
// The convolution of two symmetric sequences of weights, never above the truth.
// Pure arithmetic: spends nothing and sees no data.

#ifndef COMMONWAGE_PRIVACY_CONVOLUTION_H_
#define COMMONWAGE_PRIVACY_CONVOLUTION_H_

#include <cstddef>
#include <vector>

namespace commonwage::privacy {

// Returns c_0 .. c_(m + n) of c_k = sum over all j of a_j b_(k - j), where `a`
// holds a_0 .. a_m, all non-negative, a_-j = a_j and a_j = 0 beyond, and `b`
// likewise. Short ones are summed as they stand, in long double, with a
// relative error below 2^-51. Long ones go through the fast Fourier transform,
// and from what that gives a bound of its error is subtracted: 256 log2(M)
// 2^-53 |a| |b|, for M points and Euclidean norms, is several times what
// Percival (2003, theorem 5.1) proves. So nothing is above its sum by more than
// 2^-51 of it.
//
// Needs both to have an element, and no more than kMaxConvolution together.
std::vector<double> ConvolvedBelow(const std::vector<double>& a,
                                   const std::vector<double>& b);

inline constexpr size_t kMaxConvolution = size_t{1} << 16;

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_CONVOLUTION_H_
