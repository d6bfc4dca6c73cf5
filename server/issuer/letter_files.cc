// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/letter_files.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "base/status_macros.h"

namespace commonwage::server::issuer {

absl::Status WriteLetters(OutputDirectory& directory, const LetterTerms& terms,
                          absl::Span<const LetterCode> codes) {
  constexpr char kAllLetters[] = "all.html";
  const std::string head = LetterHead(terms);
  const std::string foot = LetterFoot();
  COMMONWAGE_RETURN_IF_ERROR(directory.Append(kAllLetters, head));
  for (size_t i = 0; i < codes.size(); ++i) {
    const std::string body = LetterBody(terms, codes[i]);
    COMMONWAGE_RETURN_IF_ERROR(directory.Append(
        absl::StrFormat("%04d.html", i + 1), absl::StrCat(head, body, foot)));
    COMMONWAGE_RETURN_IF_ERROR(directory.Append(kAllLetters, body));
  }
  return directory.Append(kAllLetters, foot);
}

}  // namespace commonwage::server::issuer
