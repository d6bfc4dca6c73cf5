// SPDX-License-Identifier: Apache-2.0
#include "storage/data_directory.h"

#include <optional>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/file/file_lock.h"
#include "base/file/private_directory.h"
#include "base/status_macros.h"
#include "storage/shred_file.h"

namespace commonwage::storage {
namespace {

constexpr const char* kInboxDirectory = "inbox";
constexpr absl::string_view kName = "data directory";

}  // namespace

absl::StatusOr<NewDataDirectory> DataDirectory::Begin(
    const std::filesystem::path& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(UnfinishedDirectory making,
                              UnfinishedDirectory::Begin(path));
  COMMONWAGE_RETURN_IF_ERROR(MakePrivateDirectory(
      {(path / kInboxDirectory).string(), std::string(kName)}));
  return NewDataDirectory{DataDirectory(path), std::move(making)};
}

absl::StatusOr<DataDirectory> DataDirectory::Create(
    const std::filesystem::path& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(NewDataDirectory made, Begin(path));
  COMMONWAGE_RETURN_IF_ERROR(made.making.Finish());
  return std::move(made.directory);
}

absl::StatusOr<DataDirectory> DataDirectory::Open(
    const std::filesystem::path& path) {
  COMMONWAGE_RETURN_IF_ERROR(UnfinishedDirectory::RefuseUnfinished(path));
  std::error_code error;
  if (!std::filesystem::is_directory(path / kInboxDirectory, error)) {
    if (error == std::errc::permission_denied) {
      return FileFailure(kName, "entered", error.value());
    }
    return Refusal(Reason::kDataDirectoryMissing,
                   "This is not a data directory; make one with "
                   "commonwage-admin init.");
  }
  COMMONWAGE_RETURN_IF_ERROR(
      CheckPrivateDirectory({path.string(), std::string(kName)}));
  return DataDirectory(path);
}

std::filesystem::path DataDirectory::catalogue_path() const {
  return path_ / "catalogue.db";
}

std::filesystem::path DataDirectory::keyring_path() const {
  return path_ / "keyring";
}

std::filesystem::path DataDirectory::shred_path() const {
  return path_ / std::string(kShredFileName);
}

std::filesystem::path DataDirectory::inbox_path(
    absl::string_view round_id) const {
  return path_ / kInboxDirectory / absl::StrCat(round_id, ".db");
}

absl::StatusOr<FileLock> DataDirectory::LockForServer() const {
  COMMONWAGE_ASSIGN_OR_RETURN(
      std::optional<FileLock> lock,
      FileLock::TryAcquire(
          {(path_ / "server.lock").string(), "server's lock"}));
  if (!lock.has_value()) {
    return Refusal(Reason::kServerRunning,
                   "A server is running on this data directory already; stop "
                   "it first, or give this one a directory of its own.");
  }
  return *std::move(lock);
}

}  // namespace commonwage::storage
