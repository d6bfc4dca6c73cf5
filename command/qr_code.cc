// SPDX-License-Identifier: Apache-2.0
#include "command/qr_code.h"

#include <qrencode.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/error.h"

namespace commonwage::command {
namespace {

constexpr size_t kMargin = 4;        // Modules: what the standard asks for.
constexpr size_t kMaxBytes = 2331;   // Version 40, level M.
constexpr unsigned char kDark = 1U;  // The lowest bit of libqrencode's modules.

// Whether there is light at a place that counts from the margin's corner.
bool IsLight(const QrCode& code, size_t x, size_t y) {
  const bool inside = x >= kMargin && y >= kMargin &&
                      x < kMargin + code.width && y < kMargin + code.width;
  return !inside || !code.IsDark(x - kMargin, y - kMargin);
}

absl::string_view BlockOf(bool upper, bool lower) {
  if (upper) {
    return lower ? "\u2588" : "\u2580";
  }
  return lower ? "\u2584" : " ";
}

// How many modules in a row are dark, from the `i`th on.
size_t RunFrom(const QrCode& code, size_t i) {
  const size_t left = code.width - i % code.width;
  size_t length = 0;
  while (length < left && code.dark[i + length]) {
    ++length;
  }
  return length;
}

}  // namespace

absl::StatusOr<QrCode> EncodeQr(absl::string_view text) {
  if (text.empty() || text.size() > kMaxBytes) {
    return Refusal(Reason::kQrTooLong,
                   "This is more than a QR code can hold, or nothing at all.");
  }
  const std::vector<unsigned char> bytes(text.begin(), text.end());
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeData(static_cast<int>(bytes.size()), bytes.data(),
                        /*version=*/0, QR_ECLEVEL_M),
      QRcode_free);
  // Only memory can be missing now.
  COMMONWAGE_CHECK(made != nullptr);
  QrCode code;
  code.width = static_cast<size_t>(made->width);
  for (size_t i = 0; i < code.width * code.width; ++i) {
    code.dark.push_back((made->data[i] & kDark) != 0);
  }
  return code;
}

std::string QrBlocks(const QrCode& code) {
  const size_t side = code.width + 2 * kMargin;
  std::string text;
  for (size_t y = 0; y < side; y += 2) {
    for (size_t x = 0; x < side; ++x) {
      // Widths are odd: the last line has one row alone.
      const bool lower = y + 1 < side && IsLight(code, x, y + 1);
      absl::StrAppend(&text, BlockOf(IsLight(code, x, y), lower));
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

std::string QrSvg(const QrCode& code) {
  const size_t side = code.width + 2 * kMargin;
  std::string path;
  for (size_t i = 0; i < code.dark.size(); ++i) {
    const size_t length = RunFrom(code, i);
    if (length > 0) {
      absl::StrAppend(&path, "M", i % code.width + kMargin, " ",
                      i / code.width + kMargin, "h", length, "v1h-", length,
                      "z");
      i += length - 1;
    }
  }
  return absl::StrCat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", side, " ",
      side, "\" shape-rendering=\"crispEdges\">\n<rect width=\"", side,
      "\" height=\"", side, "\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"",
      path, "\"/>\n</svg>\n");
}

}  // namespace commonwage::command
