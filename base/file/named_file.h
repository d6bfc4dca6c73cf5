// SPDX-License-Identifier: Apache-2.0
// A path, and what to call the file in a message: messages say which file is
// meant, never where it is.

#ifndef COMMONWAGE_BASE_FILE_NAMED_FILE_H_
#define COMMONWAGE_BASE_FILE_NAMED_FILE_H_

#include <string>

namespace commonwage {

struct NamedFile {
  std::string path;
  std::string name;  // Such as "plan file".
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_NAMED_FILE_H_
