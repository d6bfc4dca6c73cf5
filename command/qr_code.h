// SPDX-License-Identifier: Apache-2.0
// QR codes, to be scanned from a terminal or from paper. The one owner of
// libqrencode's header.

#ifndef COMMONWAGE_COMMAND_QR_CODE_H_
#define COMMONWAGE_COMMAND_QR_CODE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::command {

// A square of modules, row by row, without the margin that readers need.
struct QrCode {
  size_t width = 0;
  std::vector<bool> dark;  // width * width.

  [[nodiscard]] bool IsDark(size_t x, size_t y) const {
    return dark[y * width + x];
  }
};

// Returns the code of `text`, which can be read with 15 % of it damaged. The
// same text gives the same code.
// Fails with INVALID_ARGUMENT (QR_TOO_LONG) above 2,331 bytes, or if empty.
absl::StatusOr<QrCode> EncodeQr(absl::string_view text);

// Returns lines of blocks for a terminal, two rows of modules in each, with the
// margin. Light modules are drawn, for bright letters on a dark ground.
std::string QrBlocks(const QrCode& code);

// Returns an <svg> element, black on white, with the margin: no style, no
// script, nothing from elsewhere. It stands in a page or in a file of its own.
std::string QrSvg(const QrCode& code);

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_QR_CODE_H_
