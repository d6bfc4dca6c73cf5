// SPDX-License-Identifier: Apache-2.0
// The records of a table saved as text: one on each line, in cells, any of them
// in quotation marks (RFC 4180). Nothing is glued together, dropped or guessed:
// what can be read in two ways is refused.

#ifndef COMMONWAGE_SERVER_ISSUER_LIST_RECORDS_H_
#define COMMONWAGE_SERVER_ISSUER_LIST_RECORDS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::server::issuer {

// What separates cells in one spreadsheet or another.
inline constexpr absl::string_view kCellSeparators = ",;\t";

struct ListRecord {
  size_t line = 0;  // Where it begins, from 1.
  std::vector<std::string> cells;
};

// Takes records off the front of a text, which must outlive it.
class RecordReader {
 public:
  // `separators`: each character of it ends a cell. `line` is that of the
  // text's beginning.
  RecordReader(absl::string_view text, absl::string_view separators,
               size_t line = 1)
      : rest_(text), separators_(separators), line_(line) {}

  [[nodiscard]] bool AtEnd() const { return rest_.empty(); }

  // Returns the next record. A line may end in CR LF, LF or CR; what is in
  // quotation marks may have lines of its own. Only before AtEnd.
  //
  // Fails with INVALID_ARGUMENT (MEMBER_LIST_FAULTY), and one fault that names
  // the line, if a quotation mark is never closed, or stands inside a cell that
  // does not begin with one, or something follows the closing one.
  absl::StatusOr<ListRecord> Next();

 private:
  absl::StatusOr<std::string> TakeCell();
  absl::StatusOr<std::string> TakeQuotedCell();
  // Takes a line end; whether there was one.
  bool TakeLineEnd();
  [[nodiscard]] bool AtEndOfCell() const;

  absl::string_view rest_;
  absl::string_view separators_;
  size_t line_;
};

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_LIST_RECORDS_H_
