// SPDX-License-Identifier: Apache-2.0
// Builds in which shred.key is not overwritten where it lies, for the tests
// that must notice. Linked into a test, this takes the place of the system's
// pwrite.

#ifndef COMMONWAGE_TESTS_TESTING_SHRED_FAULTS_H_
#define COMMONWAGE_TESTS_TESTING_SHRED_FAULTS_H_

namespace commonwage::testing {

enum class ShredFault {
  kNone,
  // A changed copy is put in the place of the file, as other files are changed.
  kReplacesTheFile,
  // What is written is taken, and not kept.
  kForgetsTheWrite,
};

// From now on, in this process.
void SetShredFault(ShredFault fault);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_SHRED_FAULTS_H_
