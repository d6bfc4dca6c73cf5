// SPDX-License-Identifier: Apache-2.0
// Bytes that must not leak: keys, seeds, passphrases. They live in guarded
// memory that is locked, kept out of core files and wiped when let go. A secret
// cannot be printed, hashed, copied or compared by accident; whoever reads one
// writes Expose, so that every such place can be found.

#ifndef COMMONWAGE_CRYPTO_SECRET_H_
#define COMMONWAGE_CRYPTO_SECRET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/random_source.h"

namespace commonwage::crypto {

// Overwrites `bytes`, also where the compiler would see no point in it, and
// leaves it empty. For strings that held a secret on its way into a Secret.
void Wipe(std::string& bytes);

// Overwrites what calls that have returned left on this thread's stack, as far
// as they reached; registers, too, are saved there, with parts of texts that
// were copied.
void WipeStack();

// A secret of any length. Move-only; what was moved from holds nothing.
class SecretBytes {
 public:
  // Holds nothing.
  SecretBytes() = default;
  // Holds `size` zero bytes. Aborts if the system has no memory left.
  explicit SecretBytes(size_t size);
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes() { Release(); }

  // Returns a secret with the bytes of `bytes`, which the caller should wipe.
  static SecretBytes From(absl::string_view bytes);

  // Returns a second copy.
  [[nodiscard]] SecretBytes Clone() const;

  // Whether both hold the same bytes. Takes the same time wherever they differ;
  // the lengths are not hidden.
  [[nodiscard]] bool Equals(const SecretBytes& other) const;

  // The bytes, valid while this object is.
  // Reveals: all of it.
  [[nodiscard]] absl::Span<const uint8_t> Expose() const {
    return {data_, size_};
  }
  // The same bytes as a view of characters.
  // Reveals: all of it.
  [[nodiscard]] absl::string_view ExposeText() const {
    return {reinterpret_cast<const char*>(data_), size_};
  }
  // The bytes, to be filled in place.
  [[nodiscard]] absl::Span<uint8_t> ExposeForWriting() {
    return {data_, size_};
  }

  [[nodiscard]] size_t size() const { return size_; }

 private:
  void Release();

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

// A secret of `kLength` bytes. Move-only; what was moved from must not be read.
template <size_t kLength>
class Secret {
 public:
  static constexpr size_t kSize = kLength;

  // All zero, to be filled through ExposeForWriting.
  Secret() : bytes_(kLength) {}

  // Returns uniform bytes.
  static Secret Random(RandomSource& random) {
    Secret result;
    random.Fill(result.ExposeForWriting());
    return result;
  }

  // Returns a secret with the bytes of `bytes`, which the caller should wipe,
  // or nullopt if they are not kLength.
  static std::optional<Secret> From(absl::string_view bytes) {
    if (bytes.size() != kLength) {
      return std::nullopt;
    }
    return Secret(SecretBytes::From(bytes));
  }

  // As above, from bytes that are a secret already.
  static std::optional<Secret> From(const SecretBytes& bytes) {
    return From(bytes.ExposeText());
  }

  // Returns a second copy.
  [[nodiscard]] Secret Clone() const { return Secret(bytes_.Clone()); }

  // Whether both hold the same bytes. Takes the same time wherever they differ.
  [[nodiscard]] bool Equals(const Secret& other) const {
    return bytes_.Equals(other.bytes_);
  }

  // See SecretBytes.
  // Reveals: all of it.
  [[nodiscard]] absl::Span<const uint8_t> Expose() const {
    return bytes_.Expose();
  }
  [[nodiscard]] absl::string_view ExposeText() const {
    return bytes_.ExposeText();
  }
  [[nodiscard]] absl::Span<uint8_t> ExposeForWriting() {
    return bytes_.ExposeForWriting();
  }

  [[nodiscard]] constexpr size_t size() const { return kLength; }

 private:
  explicit Secret(SecretBytes bytes) : bytes_(std::move(bytes)) {}

  SecretBytes bytes_;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_SECRET_H_
