// SPDX-License-Identifier: Apache-2.0
#include "storage/destroyable_key.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::storage {
namespace {

constexpr absl::string_view kLabel = "commonwage/v1/destroyable-key";

struct Parts {
  ShredEntryName name;
  absl::string_view name_bytes;
  absl::string_view wrapped_key;
};

absl::Status Damaged() {
  return Refusal(Reason::kDestroyableKeyDamaged,
                 "A stored key is damaged, or belongs elsewhere; restore the "
                 "store from a backup.");
}

absl::StatusOr<Parts> Parse(absl::string_view wrapped) {
  if (wrapped.size() != kDestroyableKeySize) {
    return Damaged();
  }
  ByteReader reader(wrapped);
  Parts parts;
  parts.name.slot = reader.ReadUint32().value_or(0);
  parts.name.id =
      ShredEntryId::From(reader.ReadBytes(ShredEntryId::kSize).value_or(""))
          .value_or(ShredEntryId());
  parts.wrapped_key = reader.rest();
  parts.name_bytes =
      wrapped.substr(0, wrapped.size() - parts.wrapped_key.size());
  return parts;
}

std::string AadOf(absl::string_view name_bytes, absl::string_view use) {
  return absl::StrCat(kLabel, name_bytes, use);
}

}  // namespace

absl::StatusOr<std::string> WrapDestroyable(const ShredFile& file,
                                            absl::string_view use,
                                            const crypto::Secret<32>& key,
                                            RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const ShredEntry entry, file.Fill(random));
  std::string bytes;
  AppendUint32(bytes, entry.name.slot);
  absl::StrAppend(&bytes, entry.name.id.view());
  absl::StrAppend(&bytes, crypto::Wrap(entry.secret, AadOf(bytes, use),
                                       key.ExposeText(), random));
  return bytes;
}

absl::StatusOr<std::optional<crypto::Secret<32>>> UnwrapDestroyable(
    const ShredFile& file, absl::string_view use, absl::string_view wrapped) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Parts parts, Parse(wrapped));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<crypto::Secret<32>> secret,
                              file.Find(parts.name));
  if (!secret.has_value()) {
    return std::nullopt;
  }
  const absl::StatusOr<crypto::SecretBytes> key =
      crypto::Unwrap(*secret, AadOf(parts.name_bytes, use), parts.wrapped_key);
  if (!key.ok()) {
    return Damaged();
  }
  return crypto::Secret<32>::From(*key);
}

absl::Status DestroyKey(const ShredFile& file, absl::string_view wrapped,
                        RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Parts parts, Parse(wrapped));
  return file.Destroy(parts.name, random);
}

}  // namespace commonwage::storage
