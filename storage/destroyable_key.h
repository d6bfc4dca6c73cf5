// SPDX-License-Identifier: Apache-2.0
// Keys that must be destroyable, as a store keeps them: wrapped under an entry
// of its shred file, and that again under whatever the store is encrypted with.
// Destroying the entry destroys the key in every row, log, backup and free
// block that still has the wrapped form. Layout: docs/FORMATS.md, "Destroyable
// key".

#ifndef COMMONWAGE_STORAGE_DESTROYABLE_KEY_H_
#define COMMONWAGE_STORAGE_DESTROYABLE_KEY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/secret.h"
#include "crypto/wrap.h"
#include "storage/shred_file.h"

namespace commonwage::storage {

// How long the wrapped form is: an entry's name, and a wrapped key.
inline constexpr size_t kDestroyableKeySize =
    sizeof(uint32_t) + ShredEntryId::kSize + crypto::Secret<32>::kSize +
    crypto::kWrapOverhead;

// Fills an entry of `file` and returns `key` wrapped under it. `use` says what
// the key is for; under another one it does not unwrap.
// Fails as ShredFile::Fill.
absl::StatusOr<std::string> WrapDestroyable(const ShredFile& file,
                                            absl::string_view use,
                                            const crypto::Secret<32>& key,
                                            RandomSource& random);

// Returns the key, or nullopt if it was destroyed.
// Fails with DATA_LOSS (DESTROYABLE_KEY_DAMAGED) if `wrapped` is not what
// WrapDestroyable gave for this `use`; as ShredFile::Find.
// Reveals: the key.
absl::StatusOr<std::optional<crypto::Secret<32>>> UnwrapDestroyable(
    const ShredFile& file, absl::string_view use, absl::string_view wrapped);

// Destroys the key, whoever has `wrapped`. Repeating is right.
// Fails with DATA_LOSS (DESTROYABLE_KEY_DAMAGED) if `wrapped` has not the form;
// as ShredFile::Destroy.
absl::Status DestroyKey(const ShredFile& file, absl::string_view wrapped,
                        RandomSource& random);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_DESTROYABLE_KEY_H_
