// SPDX-License-Identifier: Apache-2.0
// Kills a program at the very moments in which it touches certain files.

#ifndef COMMONWAGE_TESTS_TESTING_TRACED_PROGRAM_H_
#define COMMONWAGE_TESTS_TESTING_TRACED_PROGRAM_H_

#include <string>
#include <vector>

namespace commonwage::testing {

// How a traced program ended.
struct TracedResult {
  bool killed = false;  // By us; else it came to its own end before.
  int exit_code = -1;   // 128 + n if signal n ended it.
};

// Runs a program, its standard streams on /dev/null, and kills it as it enters
// its `call`-th system call (from 1) that changes something about a file with
// `marker` in its path. The call is not carried out. Only its first thread
// counts.
//
// Needs root, or a program that lets itself be looked at.
TracedResult RunAndKillAtCall(const std::vector<std::string>& arguments,
                              const std::string& marker, int call);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_TRACED_PROGRAM_H_
