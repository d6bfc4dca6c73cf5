// SPDX-License-Identifier: Apache-2.0
// What a program must see to about its standard input, output and error.

#ifndef COMMONWAGE_BASE_FILE_STANDARD_STREAMS_H_
#define COMMONWAGE_BASE_FILE_STANDARD_STREAMS_H_

#include "absl/status/status.h"

namespace commonwage {

// Puts something in the place of each that the caller has closed, so that no
// file which is opened later takes its number and gets what was meant for a
// person. Nothing can be read there or written. Call it first.
void HoldStandardStreams();

// Writes out what was printed to std::cout.
//
// Fails as FileFailure says if not all that was ever printed arrived.
absl::Status FlushStandardOutput();

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_STANDARD_STREAMS_H_
