// SPDX-License-Identifier: Apache-2.0
// Slows down the guessing of enrolment codes, for everybody together and for
// each connection, without a log of who tried.

#ifndef COMMONWAGE_SERVER_ISSUER_GUESS_LIMITER_H_
#define COMMONWAGE_SERVER_ISSUER_GUESS_LIMITER_H_

#include <cstddef>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "base/mutex.h"

namespace commonwage::server::issuer {

// Wrong codes allowed. A code has 65 random bits: at these rates a million
// letters stand for more than ten thousand years before one is hit. The limit
// over all connections is as high as that allows, since whoever uses it up
// keeps members out meanwhile.
struct GuessLimits {
  double per_connection = 5;      // Until the connection's hour is over.
  double total_burst = 1'000;     // At once, over all connections.
  double total_per_second = 100;  // Sustained, over all connections.
  // Connections remembered; with one more, all are forgotten.
  size_t max_connections = 65'536;
};

// Counts wrong codes. In memory only, and in bounded memory. Thread-safe.
class GuessLimiter {
 public:
  explicit GuessLimiter(Clock& clock, GuessLimits limits = {});

  // Whether `connection` may try a code now. Ask before looking a code up, so
  // that the answer does not depend on the code.
  bool MayTry(absl::string_view connection);

  // Counts a wrong code.
  void CountWrong(absl::string_view connection);

 private:
  void Refill() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock& clock_;
  const GuessLimits limits_;
  Mutex mutex_;
  double total_left_ ABSL_GUARDED_BY(mutex_);
  absl::Time refilled_at_ ABSL_GUARDED_BY(mutex_);
  absl::Time hour_began_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, double> wrong_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_GUESS_LIMITER_H_
