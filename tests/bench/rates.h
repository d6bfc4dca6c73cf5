// SPDX-License-Identifier: Apache-2.0
// How many per second, in alternating runs: machines are shared, and a ratio
// measured side by side survives what bare times do not.

#ifndef COMMONWAGE_TESTS_BENCH_RATES_H_
#define COMMONWAGE_TESTS_BENCH_RATES_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace commonwage::bench {

// Returns how many of `count` were done per second by `work`.
inline double RateOf(size_t count, const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - begin;
  return static_cast<double>(count) / seconds.count();
}

// Runs `work(i)` for each i below `count` on two threads.
inline void OnTwoCores(size_t count, const std::function<void(size_t)>& work) {
  const auto part = [&](size_t first) {
    for (size_t i = first; i < count; i += 2) {
      work(i);
    }
  };
  std::jthread other(part, 1);
  part(0);
}

inline double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Prints one line of the table.
inline void PrintRatio(const std::string& what, double rate, double floor,
                       double aim) {
  std::printf("%-44s %9.0f /s %11.0f /s   %5.2f   %4.2f\n", what.c_str(), rate,
              floor, rate / floor, aim);
  std::fflush(stdout);
}

inline void PrintHead() {
  std::printf("%-44s %12s %14s %7s %6s\n", "", "measured", "floor", "ratio",
              "aim");
}

}  // namespace commonwage::bench

#endif  // COMMONWAGE_TESTS_BENCH_RATES_H_
