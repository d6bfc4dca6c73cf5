// SPDX-License-Identifier: Apache-2.0
// Signed files as the store keeps them, in the form that messages show.

#ifndef COMMONWAGE_SERVER_COLLECTOR_SHOWN_FILE_H_
#define COMMONWAGE_SERVER_COLLECTOR_SHOWN_FILE_H_

#include "commonwage/v1/round.pb.h"
#include "storage/signed_bytes.h"

namespace commonwage::server::collector {

// Return the file of what was stored; a cancellation without its manifest.
v1::SignedManifest ShownManifest(const storage::SignedBytes& manifest);
v1::SignedCancellation ShownCancellation(
    const storage::SignedBytes& cancellation);

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_SHOWN_FILE_H_
