// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <sodium.h>

#include "base/error.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "crypto/file_access.h"
#include "crypto/text/composed_text.h"

namespace commonwage::crypto {
namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kKeyDigits = 2 * kKeySize;
constexpr size_t kMaxPassphraseSize = 1024;
// A byte order mark and a line end.
constexpr size_t kMaxMarksSize = kByteOrderMark.size() + 2;

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (is_open()) {
      close(descriptor_);
    }
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

absl::Status SystemFailure(int error, absl::string_view what) {
  if (error == ENOENT) {
    return Refusal(absl::StatusCode::kNotFound, "FILE_NOT_FOUND",
                   absl::StrCat("There is no ", what, " at the place named."));
  }
  return Refusal(
      absl::ErrnoToStatusCode(error), "FILE_FAILED",
      absl::StrCat("The system does not give access to the ", what, ": ",
                   absl::ErrnoToStatus(error, "").message(), "."));
}

// Returns what is in the file, of which there may be `max_size` bytes; one more
// comes back if there are more.
absl::StatusOr<SecretBytes> LoadPrivateFile(const std::string& path,
                                            size_t max_size,
                                            absl::string_view what) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) {
    return SystemFailure(errno, what);
  }
  if (!IsPrivate(file.descriptor())) {
    return Refusal(
        absl::StatusCode::kFailedPrecondition, "FILE_TOO_OPEN",
        absl::StrCat("Others may read or write the ", what,
                     "; make it private first: chmod 0400 on the file."));
  }
  SecretBytes content(max_size + 1);
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t got =
        read(file.descriptor(), content.ExposeForWriting().data() + size,
             content.size() - size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return SystemFailure(errno, what);
    }
    if (got == 0) {
      break;
    }
    size += static_cast<size_t>(got);
  }
  return SecretBytes::From(content.ExposeText().substr(0, size));
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

bool WriteAll(int descriptor, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(put, 0)));
  }
  return true;
}

bool SyncDirectoryOf(const std::string& path) {
  const std::filesystem::path parent =
      std::filesystem::path(path).parent_path();
  const File directory(parent.empty() ? "." : parent.string(),
                       O_RDONLY | O_DIRECTORY);
  return directory.is_open() && fsync(directory.descriptor()) == 0;
}

}  // namespace

absl::Status CreateKeyFile(const std::string& path, RandomSource& random) {
  const Secret<kKeySize> key = Secret<kKeySize>::Random(random);
  // sodium_bin2hex ends with a zero, whose place the newline takes.
  SecretBytes text(kKeyDigits + 1);
  const absl::Span<uint8_t> out = text.ExposeForWriting();
  sodium_bin2hex(reinterpret_cast<char*>(out.data()), out.size(),
                 key.Expose().data(), kKeySize);
  out.back() = '\n';

  const File file(path, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR);
  if (!file.is_open()) {
    if (errno == EEXIST) {
      return Refusal(absl::StatusCode::kAlreadyExists, "KEY_FILE_EXISTS",
                     "There is a file already where the key file is to be; it "
                     "was left as it is. Choose another place.");
    }
    return SystemFailure(errno, "key file");
  }
  if (!WriteAll(file.descriptor(), text.ExposeText()) ||
      fsync(file.descriptor()) != 0 || !SyncDirectoryOf(path)) {
    const int error = errno;
    unlink(path.c_str());
    return SystemFailure(error, "key file");
  }
  return absl::OkStatus();
}

absl::StatusOr<Secret<32>> LoadKeyFile(const std::string& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const SecretBytes content,
      LoadPrivateFile(path, kKeyDigits + kMaxMarksSize, "key file"));
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
    return Refusal(absl::StatusCode::kInvalidArgument, "KEY_FILE_MALFORMED",
                   "The key file does not hold a key: it has to be 64 "
                   "hexadecimal digits, or 32 bytes.");
  }
  return key;
}

absl::StatusOr<SecretBytes> LoadPassphraseFile(const std::string& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const SecretBytes content,
      LoadPrivateFile(path, kMaxPassphraseSize + kMaxMarksSize,
                      "passphrase file"));
  const absl::string_view text = WithoutEditorsMarks(content.ExposeText());
  if (text.empty() || text.size() > kMaxPassphraseSize) {
    return Refusal(absl::StatusCode::kInvalidArgument, "PASSPHRASE_UNUSABLE",
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
    return Refusal(absl::StatusCode::kResourceExhausted, "NOT_ENOUGH_MEMORY",
                   absl::StrCat("Turning the passphrase into a key takes ",
                                cost.memory_bytes >> 20U,
                                " MiB of memory, which this machine does not "
                                "have free."));
  }
  return key;
}

}  // namespace commonwage::crypto
