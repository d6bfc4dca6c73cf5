// SPDX-License-Identifier: Apache-2.0
#include "artefacts/release_files.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/file/input_file.h"
#include "base/file/named_file.h"
#include "base/status_macros.h"
#include "crypto/signature.h"
#include "survey/cancellation.h"
#include "survey/manifest.h"

namespace commonwage::artefacts {
namespace {

constexpr size_t kMaxReleaseBytes = size_t{256} << 20;
constexpr size_t kMaxSignatureBytes = 65536;

bool IsHex(absl::string_view text, size_t bytes) {
  return text.size() == 2 * bytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

NamedFile Inside(const std::string& directory, absl::string_view name) {
  return {absl::StrCat(directory, "/", name), absl::StrCat("file ", name)};
}

absl::StatusOr<v1::SignedManifest> ReadManifestFiles(
    const std::string& directory) {
  v1::SignedManifest manifest;
  COMMONWAGE_ASSIGN_OR_RETURN(
      *manifest.mutable_manifest(),
      ReadFile(Inside(directory, "MANIFEST.json"), kMaxManifestBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string signatures,
      ReadFile(Inside(directory, "MANIFEST.sig"), kMaxSignatureBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(*manifest.mutable_signatures(),
                              ReadSignatures(signatures));
  return manifest;
}

using FileList = std::vector<std::pair<absl::string_view, std::string>>;

absl::Status WriteFiles(const std::string& directory, const FileList& files,
                        IfThere if_there) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return FileFailure("directory for the release", "made", error.value());
  }
  // All are on the disk before the first is in its place.
  std::vector<OutputFile> outputs;
  for (const auto& [name, content] : files) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        OutputFile output, OutputFile::Create(Inside(directory, name),
                                              Readers::kEverybody, if_there));
    COMMONWAGE_RETURN_IF_ERROR(output.Append(content));
    outputs.push_back(std::move(output));
  }
  for (OutputFile& output : outputs) {
    COMMONWAGE_RETURN_IF_ERROR(output.Commit());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::SignedCancellation> ReadCancellationFiles(
    const std::string& directory) {
  v1::SignedCancellation cancellation;
  COMMONWAGE_ASSIGN_OR_RETURN(
      *cancellation.mutable_cancellation(),
      ReadFile(Inside(directory, "CANCELLATION.bin"), kCancellationSize));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string signatures,
      ReadFile(Inside(directory, "CANCELLATION.sig"), kMaxSignatureBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(*cancellation.mutable_signatures(),
                              ReadSignatures(signatures));
  return cancellation;
}

// The messages differ in what their fields hold: a release has its manifest
// behind its signatures.
absl::StatusOr<RoundFiles> ReadOneFile(const std::string& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string bytes,
      ReadFile({path, "round's file"}, kMaxReleaseBytes));
  RoundFiles files;
  v1::SignedRelease release;
  if (release.ParseFromString(bytes) && release.has_manifest()) {
    files.manifest = release.manifest();
    files.release = std::move(release);
    return files;
  }
  v1::SignedCancellation cancellation;
  if (cancellation.ParseFromString(bytes) && cancellation.has_manifest()) {
    files.manifest = cancellation.manifest();
    files.cancellation = std::move(cancellation);
    return files;
  }
  if (!files.manifest.ParseFromString(bytes) ||
      files.manifest.manifest().empty()) {
    return Refusal(Reason::kRoundFileMalformed,
                   "This is neither a directory that `commonwage download` "
                   "wrote nor the file of a signed manifest, release or "
                   "cancellation.");
  }
  return files;
}

}  // namespace

std::string WriteSignatures(const Signatures& signatures) {
  std::string text;
  for (const v1::Signature& signature : signatures) {
    absl::StrAppend(&text, absl::BytesToHexString(signature.verify_key()), " ",
                    absl::BytesToHexString(signature.signature()), "\n");
  }
  return text;
}

absl::StatusOr<Signatures> ReadSignatures(absl::string_view text) {
  Signatures signatures;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, ' ');
    if (!IsHex(parts.first, crypto::VerifyKey::kSize) ||
        !IsHex(parts.second, crypto::Signature::kSize)) {
      return Refusal(Reason::kSignatureFileMalformed,
                     "A signature file is not of the form it should have. "
                     "Download the release again.");
    }
    v1::Signature& signature = *signatures.Add();
    signature.set_verify_key(HexToBytes(parts.first));
    signature.set_signature(HexToBytes(parts.second));
  }
  return signatures;
}

absl::Status WriteReleaseFiles(const std::string& directory,
                               const v1::SignedRelease& release,
                               IfThere if_there) {
  return WriteFiles(
      directory,
      {{"RELEASE.bin", release.release()},
       {"RELEASE.sig", WriteSignatures(release.signatures())},
       {"MANIFEST.json", release.manifest().manifest()},
       {"MANIFEST.sig", WriteSignatures(release.manifest().signatures())}},
      if_there);
}

absl::Status WriteCancellationFiles(const std::string& directory,
                                    const v1::SignedCancellation& cancellation,
                                    IfThere if_there) {
  return WriteFiles(
      directory,
      {{"CANCELLATION.bin", cancellation.cancellation()},
       {"CANCELLATION.sig", WriteSignatures(cancellation.signatures())},
       {"MANIFEST.json", cancellation.manifest().manifest()},
       {"MANIFEST.sig", WriteSignatures(cancellation.manifest().signatures())}},
      if_there);
}

absl::StatusOr<v1::SignedRelease> ReadReleaseFiles(
    const std::string& directory) {
  v1::SignedRelease release;
  COMMONWAGE_ASSIGN_OR_RETURN(
      *release.mutable_release(),
      ReadFile(Inside(directory, "RELEASE.bin"), kMaxReleaseBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string signatures,
      ReadFile(Inside(directory, "RELEASE.sig"), kMaxSignatureBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(*release.mutable_signatures(),
                              ReadSignatures(signatures));
  COMMONWAGE_ASSIGN_OR_RETURN(*release.mutable_manifest(),
                              ReadManifestFiles(directory));
  return release;
}

absl::StatusOr<RoundFiles> ReadRoundFiles(const std::string& path) {
  RoundFiles files;
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    return ReadOneFile(path);
  }
  if (std::filesystem::exists(absl::StrCat(path, "/CANCELLATION.bin"),
                              ignored)) {
    COMMONWAGE_ASSIGN_OR_RETURN(files.cancellation,
                                ReadCancellationFiles(path));
  }
  if (!std::filesystem::exists(absl::StrCat(path, "/RELEASE.bin"), ignored)) {
    COMMONWAGE_ASSIGN_OR_RETURN(files.manifest, ReadManifestFiles(path));
    return files;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(files.release, ReadReleaseFiles(path));
  files.manifest = files.release->manifest();
  return files;
}

}  // namespace commonwage::artefacts
