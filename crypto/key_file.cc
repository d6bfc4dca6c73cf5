// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_file.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <sodium.h>

#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "crypto/internal/text/composed_text.h"

namespace commonwage::crypto {
namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kKeyDigits = 2 * kKeySize;
constexpr size_t kMaxPassphraseSize = 1024;
// A byte order mark and a line end.
constexpr size_t kMaxMarksSize = kByteOrderMark.size() + 2;

NamedFile Named(const std::string& path) { return {path, "key file"}; }

// Returns the first `max_size` bytes of the file, or fewer if it has no more.
absl::StatusOr<SecretBytes> ReadSecret(const InputFile& file, size_t max_size) {
  SecretBytes content(max_size);
  const absl::Span<uint8_t> out = content.ExposeForWriting();
  COMMONWAGE_ASSIGN_OR_RETURN(
      const size_t size, file.Fill(absl::MakeSpan(
                             reinterpret_cast<char*>(out.data()), out.size())));
  return SecretBytes::From(content.ExposeText().substr(0, size));
}

// Returns what is in the file, of which there may be `max_size` bytes; one more
// comes back if there are more.
absl::StatusOr<SecretBytes> LoadPrivateFile(const NamedFile& named,
                                            size_t max_size) {
  COMMONWAGE_ASSIGN_OR_RETURN(const InputFile file, InputFile::Open(named));
  COMMONWAGE_RETURN_IF_ERROR(file.CheckPrivate());
  return ReadSecret(file, max_size + 1);
}

// What is left of a line of text without what an editor put around it.
absl::string_view WithoutEditorsMarks(absl::string_view text) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  if (!absl::ConsumeSuffix(&text, "\r\n") &&
      !absl::ConsumeSuffix(&text, "\n")) {
    absl::ConsumeSuffix(&text, "\r");
  }
  return text;
}

}  // namespace

absl::StatusOr<SecretBytes> LoadSecretFile(const NamedFile& file,
                                           size_t max_size) {
  COMMONWAGE_ASSIGN_OR_RETURN(const InputFile input, InputFile::Open(file));
  COMMONWAGE_ASSIGN_OR_RETURN(SecretBytes content,
                              ReadSecret(input, max_size + 1));
  if (content.size() > max_size) {
    return FileTooLarge(file.name);
  }
  return content;
}

absl::Status CreateKeyFile(const std::string& path, RandomSource& random) {
  const Secret<kKeySize> key = Secret<kKeySize>::Random(random);
  // sodium_bin2hex ends with a zero, whose place the newline takes.
  SecretBytes text(kKeyDigits + 1);
  const absl::Span<uint8_t> out = text.ExposeForWriting();
  sodium_bin2hex(reinterpret_cast<char*>(out.data()), out.size(),
                 key.Expose().data(), kKeySize);
  out.back() = '\n';

  return CreateFile(Named(path), text.ExposeText(), Mode::kReadOnly);
}

absl::StatusOr<Secret<32>> LoadKeyFile(const std::string& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const SecretBytes content,
      LoadPrivateFile(Named(path), kKeyDigits + kMaxMarksSize));
  absl::string_view text = content.ExposeText();
  if (std::optional<Secret<kKeySize>> raw = Secret<kKeySize>::From(text);
      raw.has_value()) {
    return *std::move(raw);
  }
  text = WithoutEditorsMarks(text);
  Secret<kKeySize> key;
  size_t size = 0;
  if (text.size() != kKeyDigits ||
      sodium_hex2bin(key.ExposeForWriting().data(), kKeySize, text.data(),
                     text.size(), nullptr, &size, nullptr) != 0 ||
      size != kKeySize) {
    return Refusal(Reason::kKeyFileMalformed,
                   "The key file does not hold a key: it has to be 64 "
                   "hexadecimal digits, or 32 bytes.");
  }
  return key;
}

absl::StatusOr<SecretBytes> LoadPassphraseFile(const std::string& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const SecretBytes content,
      LoadPrivateFile({path, "passphrase file"},
                      kMaxPassphraseSize + kMaxMarksSize));
  const absl::string_view text = WithoutEditorsMarks(content.ExposeText());
  if (text.empty() || text.size() > kMaxPassphraseSize) {
    return Refusal(Reason::kPassphraseUnusable,
                   absl::StrCat("The passphrase file has to hold between one "
                                "and ",
                                kMaxPassphraseSize, " characters."));
  }
  return SecretBytes::From(text);
}

PassphraseSalt DrawPassphraseSalt(RandomSource& random) {
  PassphraseSalt salt;
  random.Fill(absl::MakeSpan(salt.data(), PassphraseSalt::kSize));
  return salt;
}

size_t PassphraseLength(const SecretBytes& passphrase) {
  return CountCharacters(ComposedText(passphrase.ExposeText()).ExposeText());
}

absl::StatusOr<Secret<32>> KeyFromPassphrase(const SecretBytes& passphrase,
                                             const PassphraseSalt& salt,
                                             const PassphraseCost& cost) {
  static_assert(PassphraseSalt::kSize == crypto_pwhash_SALTBYTES);
  const SecretBytes composed = ComposedText(passphrase.ExposeText());
  Secret<kKeySize> key;
  if (crypto_pwhash(key.ExposeForWriting().data(), kKeySize,
                    composed.ExposeText().data(), composed.size(), salt.data(),
                    cost.passes, cost.memory_bytes,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Refusal(Reason::kOutOfMemory,
                   absl::StrCat("Turning the passphrase into a key takes ",
                                cost.memory_bytes >> 20U,
                                " MiB of memory, which this machine does not "
                                "have free."));
  }
  return key;
}

}  // namespace commonwage::crypto
