// SPDX-License-Identifier: Apache-2.0
// A downloaded release as four files that stand alone:
//
//   RELEASE.bin    the exact bytes of the release
//   MANIFEST.json  the exact bytes of its manifest
//   RELEASE.sig, MANIFEST.sig
//                  a line per signature: the key, 64 hexadecimal digits, a
//                  space, and the signature, 128 of them
//
// A round that was called off has CANCELLATION.bin and CANCELLATION.sig in
// place of the release's two. What is signed: docs/FORMATS.md, "Release",
// "Manifest" and "Cancellation".

#ifndef COMMONWAGE_ARTEFACTS_RELEASE_FILES_H_
#define COMMONWAGE_ARTEFACTS_RELEASE_FILES_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "artefacts/signers.h"
#include "base/file/output_file.h"
#include "commonwage/v1/round.pb.h"

namespace commonwage::artefacts {

// Return the text of a .sig file, and read one.
// ReadSignatures fails with INVALID_ARGUMENT (SIGNATURE_FILE_MALFORMED).
std::string WriteSignatures(const Signatures& signatures);
absl::StatusOr<Signatures> ReadSignatures(absl::string_view text);

// Writes the four files into `directory`, which is made if it is not there;
// none of them if one is there already and not to be replaced. Nothing is
// checked. Fails as OutputFile does.
absl::Status WriteReleaseFiles(const std::string& directory,
                               const v1::SignedRelease& release,
                               IfThere if_there);

// What the files of one round hold.
struct RoundFiles {
  v1::SignedManifest manifest;
  // With the same manifest, if they are there.
  std::optional<v1::SignedRelease> release;
  std::optional<v1::SignedCancellation> cancellation;
};

// Writes the manifest's two files and the cancellation's two, as
// WriteReleaseFiles does.
absl::Status WriteCancellationFiles(const std::string& directory,
                                    const v1::SignedCancellation& cancellation,
                                    IfThere if_there);

// Reads what there is of a round at `path`: the files in a directory, or its
// manifest's two alone; or the one file of `round create`, `round cancel` or
// `publish`. Nothing is checked but their form.
//
// Fails as ReadReleaseFiles, and with INVALID_ARGUMENT (ROUND_FILE_MALFORMED)
// if a file is none of these.
absl::StatusOr<RoundFiles> ReadRoundFiles(const std::string& path);

// Reads them. Nothing is checked but the form of the signature files. Fails as
// ReadFile and ReadSignatures do.
absl::StatusOr<v1::SignedRelease> ReadReleaseFiles(
    const std::string& directory);

}  // namespace commonwage::artefacts

#endif  // COMMONWAGE_ARTEFACTS_RELEASE_FILES_H_
