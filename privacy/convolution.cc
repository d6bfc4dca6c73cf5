// SPDX-License-Identifier: Apache-2.0
#include "privacy/convolution.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdlib>
#include <numbers>

#include "base/check.h"

namespace commonwage::privacy {
namespace {

using Complex = std::complex<double>;

// Below so many products sums are faster, and better.
constexpr size_t kFewProducts = size_t{1} << 16;

// std::complex multiplies with care for infinities, which takes three times as
// long.
Complex Product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(),
          a.real() * b.imag() + a.imag() * b.real()};
}

// Returns exp(-2 pi i k / points) for k < points / 2, each from sine and cosine
// and not from its neighbour.
std::vector<Complex> RootsOfUnity(size_t points) {
  std::vector<Complex> roots(points / 2);
  for (size_t k = 0; k < roots.size(); ++k) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(k) /
                         static_cast<double>(points);
    roots[k] = {std::cos(angle), std::sin(angle)};
  }
  return roots;
}

void ReverseBits(std::vector<Complex>& values) {
  size_t reversed = 0;
  for (size_t i = 1; i < values.size(); ++i) {
    size_t bit = values.size() / 2;
    for (; (reversed & bit) != 0; bit /= 2) {
      reversed ^= bit;
    }
    reversed ^= bit;
    if (i < reversed) {
      std::swap(values[i], values[reversed]);
    }
  }
}

// Joins the transforms of two halves, from `start` on.
void Join(std::vector<Complex>& values, size_t start, size_t half,
          const std::vector<Complex>& roots) {
  const size_t stride = roots.size() / half;
  for (size_t k = 0; k < half; ++k) {
    Complex& low = values[start + k];
    Complex& high = values[start + k + half];
    const Complex turned = Product(roots[k * stride], high);
    high = low - turned;
    low += turned;
  }
}

// The discrete Fourier transform in place. Needs a power of two.
void Transform(std::vector<Complex>& values,
               const std::vector<Complex>& roots) {
  ReverseBits(values);
  for (size_t half = 1; half < values.size(); half *= 2) {
    for (size_t start = 0; start < values.size(); start += 2 * half) {
      Join(values, start, half, roots);
    }
  }
}

// The norm of the whole sequence.
double Norm(const std::vector<double>& weights) {
  double squares = 0;
  for (size_t j = weights.size(); j > 1; --j) {
    squares += 2 * weights[j - 1] * weights[j - 1];
  }
  return std::sqrt(squares + weights[0] * weights[0]);
}

std::vector<double> ByTransform(const std::vector<double>& a,
                                const std::vector<double>& b) {
  const size_t last = a.size() + b.size() - 2;
  const size_t points = std::bit_ceil(2 * last + 1);
  const std::vector<Complex> roots = RootsOfUnity(points);
  const double norm_a = Norm(a);
  const double norm_b = Norm(b);
  // The transform of what is real and symmetric is so too: two go in one.
  std::vector<Complex> values(points);
  for (size_t j = 0; j <= std::max(a.size(), b.size()) - 1; ++j) {
    values[j] = {j < a.size() ? a[j] / norm_a : 0,
                 j < b.size() ? b[j] / norm_b : 0};
    values[(points - j) % points] = values[j];
  }
  Transform(values, roots);
  for (Complex& value : values) {
    value = value.real() * value.imag();
  }
  Transform(values, roots);
  const double scale = norm_a * norm_b / static_cast<double>(points);
  const double error = 256 * static_cast<double>(std::bit_width(points)) *
                       0x1p-53 * norm_a * norm_b;
  std::vector<double> sums(last + 1);
  for (size_t k = 0; k <= last; ++k) {
    sums[k] = std::max(0.0, values[k].real() * scale - error);
  }
  return sums;
}

// Adds a_i b_j for i and j of either sign, wherever i + j >= 0.
void AddProducts(size_t i, size_t j, long double product,
                 std::vector<long double>& sums) {
  sums[i + j] += product;
  if (i == 0 || j == 0) {
    return;
  }
  // Of (i, -j) and (-i, j) one is above 0, or both are at 0.
  sums[i > j ? i - j : j - i] += i == j ? 2 * product : product;
}

std::vector<double> BySums(const std::vector<double>& a,
                           const std::vector<double>& b) {
  std::vector<long double> sums(a.size() + b.size() - 1, 0.0L);
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      AddProducts(i, j, static_cast<long double>(a[i]) * b[j], sums);
    }
  }
  std::vector<double> rounded(sums.size());
  std::transform(sums.begin(), sums.end(), rounded.begin(),
                 [](long double sum) { return static_cast<double>(sum); });
  return rounded;
}

}  // namespace

std::vector<double> ConvolvedBelow(const std::vector<double>& a,
                                   const std::vector<double>& b) {
  COMMONWAGE_CHECK(!a.empty() && !b.empty() &&
                   a.size() + b.size() <= kMaxConvolution);
  return a.size() * b.size() <= kFewProducts ? BySums(a, b) : ByTransform(a, b);
}

}  // namespace commonwage::privacy
