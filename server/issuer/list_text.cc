// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/list_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>

#include "base/check.h"
#include "base/error.h"
#include "base/typed_text.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::string_view kUtf8 = "utf-8";
constexpr absl::string_view kUtf16Le = "utf-16le";
constexpr absl::string_view kUtf16Be = "utf-16be";
constexpr absl::string_view kLatin1 = "latin1";

// What spreadsheets of the last thirty years save as "text".
constexpr std::array<absl::string_view, 16> kEncodings = {
    kUtf8,          kUtf16Le,       kUtf16Be,       kLatin1,
    "latin2",       "iso-8859-15",  "windows-1250", "windows-1251",
    "windows-1252", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "macintosh"};

absl::Status Unreadable(absl::string_view sentence) {
  return Refusal(Reason::kListUnreadable, sentence);
}

// An encoding that a file declares by its first bytes, and how many they are.
struct Mark {
  absl::string_view encoding;
  size_t size = 0;
};

Mark MarkOf(absl::string_view bytes) {
  if (absl::StartsWith(bytes, kByteOrderMark)) {
    return {kUtf8, kByteOrderMark.size()};
  }
  if (absl::StartsWith(bytes, "\xff\xfe")) {
    return {kUtf16Le, 2};
  }
  if (absl::StartsWith(bytes, "\xfe\xff")) {
    return {kUtf16Be, 2};
  }
  return {};
}

absl::StatusOr<std::string> AsUtf8(absl::string_view bytes, bool was_told) {
  absl::string_view rest = bytes;
  while (!rest.empty() && TakeCharacter(rest).has_value()) {
  }
  if (rest.empty()) {
    return std::string(bytes);
  }
  const size_t line = LineAt(bytes, bytes.size() - rest.size());
  if (was_told) {
    return Unreadable(
        absl::StrCat("Line ", line, " of the list is not UTF-8."));
  }
  return Unreadable(absl::StrCat(
      "The list is not UTF-8 (line ", line,
      "): it was saved in an older encoding, and which one cannot be told from "
      "the file. Save it as UTF-8, or say which: --encoding latin1 if it comes "
      "from Western Europe, --encoding windows-1252 if from Windows there. "
      "Then look at the names with `members list`."));
}

absl::StatusOr<std::string> Convert(absl::string_view bytes,
                                    absl::string_view encoding) {
  UErrorCode error = U_ZERO_ERROR;
  UConverter* const converter =
      ucnv_open(std::string(encoding).c_str(), &error);
  COMMONWAGE_CHECK(U_SUCCESS(error));
  const absl::Cleanup close_it = [converter] { ucnv_close(converter); };
  ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr,
                      nullptr, &error);
  icu::UnicodeString text;
  const char* from = bytes.data();
  std::array<char16_t, 4096> chunk{};
  do {
    error = U_ZERO_ERROR;
    char16_t* to = chunk.data();
    ucnv_toUnicode(converter, &to, chunk.data() + chunk.size(), &from,
                   bytes.data() + bytes.size(), nullptr, /*flush=*/true,
                   &error);
    text.append(chunk.data(), static_cast<int32_t>(to - chunk.data()));
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  std::string result;
  text.toUTF8String(result);
  if (U_FAILURE(error)) {
    return Unreadable(absl::StrCat("Line ", LineAt(result, result.size()),
                                   " of the list is not ", encoding, "."));
  }
  return result;
}

}  // namespace

std::vector<std::string> ListEncodings() {
  return {kEncodings.begin(), kEncodings.end()};
}

absl::StatusOr<std::string> DecodeList(absl::string_view bytes,
                                       absl::string_view encoding) {
  const Mark mark = MarkOf(bytes);
  if (!mark.encoding.empty() && !encoding.empty() &&
      mark.encoding != encoding) {
    return Unreadable(absl::StrCat("The list begins with the mark of ",
                                   mark.encoding, ", and --encoding says ",
                                   encoding, "; leave --encoding out."));
  }
  bytes.remove_prefix(mark.size);
  const absl::string_view known =
      mark.encoding.empty() ? encoding : mark.encoding;
  if (known == kUtf16Le || known == kUtf16Be) {
    return Convert(bytes, known);
  }
  if (absl::StrContains(bytes, absl::string_view("\0", 1))) {
    return Unreadable(
        "The list has zero bytes, so it is no text, or it is UTF-16 without "
        "its mark: export it as CSV (UTF-8), or say --encoding utf-16le.");
  }
  if (known.empty() || known == kUtf8) {
    return AsUtf8(bytes, !known.empty());
  }
  const bool plain = std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
  // Text of an older encoding is well-formed UTF-8 next to never.
  if (!plain && IsUtf8(bytes)) {
    return Unreadable(absl::StrCat("The list is UTF-8, and --encoding says ",
                                   encoding, "; leave --encoding out."));
  }
  // Latin-1 has no signs there, and Windows has its quotation marks.
  const auto* no_sign = std::find_if(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 &&
           static_cast<unsigned char>(c) < 0xa0;
  });
  if (known == kLatin1 && no_sign != bytes.end()) {
    return Unreadable(absl::StrCat(
        "Line ", LineAt(bytes, static_cast<size_t>(no_sign - bytes.begin())),
        " of the list is not latin1; if it comes from Windows, say --encoding "
        "windows-1252."));
  }
  return Convert(bytes, known);
}

size_t LineAt(absl::string_view text, size_t position) {
  size_t line = 1;
  for (size_t i = 0; i < position; ++i) {
    const bool pair =
        text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || (text[i] == '\r' && !pair)) {
      ++line;
    }
  }
  return line;
}

}  // namespace commonwage::server::issuer
