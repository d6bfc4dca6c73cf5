// SPDX-License-Identifier: Apache-2.0
// How far a long command is: a bar on a terminal, a line per tenth elsewhere.

#ifndef COMMONWAGE_COMMAND_PROGRESS_H_
#define COMMONWAGE_COMMAND_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage::command {

// Called by long work, from one thread, with how much of how much is done.
// Shows shares, never the numbers: they count people.
using ProgressCallback = std::function<void(uint64_t done, uint64_t total)>;

// What to print where.
enum class ProgressStyle { kNone, kBar, kLines };

// Returns kBar if standard error is a terminal, else kLines if `wanted`, else
// kNone.
ProgressStyle ProgressStyleOf(bool wanted);

// Prints progress to a stream. Ends its line when it goes out of scope.
class Progress {
 public:
  Progress(absl::string_view label, ProgressStyle style, std::ostream& out)
      : label_(label), style_(style), out_(out) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void Show(uint64_t done, uint64_t total);

  // Returns a callback to Show; this object must outlive it.
  ProgressCallback Callback() {
    return [this](uint64_t done, uint64_t total) { Show(done, total); };
  }

 private:
  std::string label_;
  ProgressStyle style_;
  std::ostream& out_;
  int shown_percent_ = -1;
};

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_PROGRESS_H_
