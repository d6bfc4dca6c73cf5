// SPDX-License-Identifier: Apache-2.0
// What a person may choose about taking part.

#ifndef COMMONWAGE_CLIENT_SUBMIT_OPTIONS_H_
#define COMMONWAGE_CLIENT_SUBMIT_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace commonwage::client {

struct SubmitOptions {
  // The survey key's fingerprint or words, as told by the union. Needed at the
  // first use of a survey that the wallet has not joined; else it may be empty.
  std::string survey_key_fingerprint;
  // A first answer waits a random time up to this, so that its moment says
  // nothing about who sent it. Zero sends at once.
  absl::Duration delay_up_to = absl::Hours(48);
  // Uses keys of its own for this round, and erases them once the receipt is
  // there: nothing on the device leads to the answer, which can then neither be
  // amended nor withdrawn, nor recovered from the words.
  bool forgetful = false;
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_SUBMIT_OPTIONS_H_
