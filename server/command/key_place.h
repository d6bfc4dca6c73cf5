// SPDX-License-Identifier: Apache-2.0
// Where a key-encryption key lies. Kept beside what it encrypts it protects
// nothing; where it cannot be replaced, erasure has one leg less.

#ifndef COMMONWAGE_SERVER_COMMAND_KEY_PLACE_H_
#define COMMONWAGE_SERVER_COMMAND_KEY_PLACE_H_

#include <filesystem>
#include <string>

#include "absl/status/status.h"

namespace commonwage::server {

// Fails as WrongUse if the file `kek` is, or would be, inside the directory
// `data`; links are followed. Fails as FileFailure says if that cannot be found
// out.
absl::Status RefuseKeyInside(const std::filesystem::path& data,
                             const std::filesystem::path& kek);

// Returns, for a person who has made a directory, what erasing in it will rest
// on. `replaceable` is what storage::CheckKekReplaceable says of the key file.
std::string WhatErasureRestsOn(const absl::Status& replaceable);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_COMMAND_KEY_PLACE_H_
