// SPDX-License-Identifier: Apache-2.0
#include "server/command/key_place.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "base/file/file_failure.h"
#include "command/report.h"

namespace commonwage::server {

absl::Status RefuseKeyInside(const std::filesystem::path& data,
                             const std::filesystem::path& kek) {
  std::error_code failed;
  std::filesystem::path directory =
      std::filesystem::weakly_canonical(data, failed);
  if (failed) {
    return FileFailure("data directory", "entered", failed.value());
  }
  // DIR/ and DIR are the same place.
  if (!directory.has_filename()) {
    directory = directory.parent_path();
  }
  const std::filesystem::path file =
      std::filesystem::weakly_canonical(kek, failed);
  if (failed) {
    return FileFailure("key file", "looked at", failed.value());
  }
  const auto [directory_end, file_rest] = std::mismatch(
      directory.begin(), directory.end(), file.begin(), file.end());
  if (directory_end == directory.end()) {
    return command::WrongUse(
        "The key file must be outside the data directory, best on another "
        "disk: who takes the directory must not get the key with it.");
  }
  return absl::OkStatus();
}

std::string WhatErasureRestsOn(const absl::Status& replaceable) {
  if (replaceable.ok()) {
    return "Erasing overwrites the key in shred.key where it lies, and puts a "
           "new key in the\nkey file.\n";
  }
  return absl::StrCat(
      "Erasing overwrites the key in shred.key where it lies, and rests on "
      "that "
      "alone.\n",
      replaceable.message(),
      "\nA copy of this directory that has its shred.key in it would open with "
      "that key\nfor ever: let no backup or snapshot take shred.key.\n");
}

}  // namespace commonwage::server
