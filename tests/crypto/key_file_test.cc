// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_file.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/crypto/fixed_random.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::crypto {
namespace {

using testing::FileContents;
using testing::HasReason;
using testing::SeededRandom;
using testing::StatusIs;
using testing::TempDirectory;

constexpr PassphraseCost kQuick = {.passes = 1, .memory_bytes = 8192};

class KeyFileTest : public ::testing::Test {
 protected:
  // Returns the path of a file with `content` and `mode`.
  [[nodiscard]] std::string Write(const std::string& content,
                                  mode_t mode = 0600) const {
    const std::string path = directory_.File("written");
    unlink(path.c_str());
    std::ofstream(path, std::ios::binary) << content;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }

  [[nodiscard]] static mode_t ModeOf(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }

  TempDirectory directory_;
  const std::string digits_ = std::string(32, 'a') + std::string(32, '0');
};

TEST_F(KeyFileTest, AKeyFileWeMakeHoldsTheKeyForItsOwnerAlone) {
  const std::string path = directory_.File("kek");
  FixedRandom random(std::string(32, '\xab'));
  ASSERT_OK(CreateKeyFile(path, random));
  EXPECT_EQ(random.left(), 0U);
  EXPECT_EQ(ModeOf(path), 0400U);
  std::string expected;
  for (int i = 0; i < 32; ++i) {
    expected += "ab";
  }
  EXPECT_EQ(FileContents(path), expected + "\n");
  const absl::StatusOr<Secret<32>> key = LoadKeyFile(path);
  ASSERT_OK(key);
  EXPECT_EQ(key->ExposeText(), std::string(32, '\xab'));
}

TEST_F(KeyFileTest, LeavesAFileThatIsThereAsItIs) {
  const std::string path = Write("precious");
  SeededRandom random(1);
  const absl::Status status = CreateKeyFile(path, random);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(status, HasReason(Reason::kFileExists));
  EXPECT_EQ(FileContents(path), "precious");
}

TEST_F(KeyFileTest, SaysWhenAKeyFileCannotBeMade) {
  SeededRandom random(1);
  EXPECT_THAT(CreateKeyFile(directory_.File("no/such/place"), random),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyFileTest, TakesDigitsWithWhatAnEditorPutsAroundThemAndRawBytes) {
  const std::string expected = HexToBytes(digits_);
  for (const std::string& content :
       {digits_, digits_ + "\n", digits_ + "\r\n", digits_ + "\r",
        "\ufeff" + digits_, "\ufeff" + digits_ + "\r\n", expected,
        std::string(32, 'A') + std::string(32, '0')}) {
    const absl::StatusOr<Secret<32>> key = LoadKeyFile(Write(content));
    ASSERT_OK(key);
    EXPECT_EQ(key->ExposeText(), expected);
  }
}

TEST_F(KeyFileTest, TakesRawBytesThatLookLikeDigits) {
  const absl::StatusOr<Secret<32>> key =
      LoadKeyFile(Write(std::string(32, '7')));
  ASSERT_OK(key);
  EXPECT_EQ(key->ExposeText(), std::string(32, '7'));
}

TEST_F(KeyFileTest, RefusesEveryOtherContent) {
  for (const std::string& content :
       {std::string(), std::string("\n"), digits_ + "\n\n", digits_ + "\r\n\n",
        " " + digits_, "\ufeff\ufeff" + digits_, digits_.substr(1),
        digits_ + "0", std::string(31, 'x'), std::string(33, 'x'),
        std::string(64, 'g'), std::string(65, 'a'), std::string(5000, 'a')}) {
    const absl::StatusOr<Secret<32>> key = LoadKeyFile(Write(content));
    EXPECT_THAT(key, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(key, HasReason(Reason::kKeyFileMalformed));
  }
}

TEST_F(KeyFileTest, RefusesFilesThatOthersCanUse) {
  for (const mode_t mode : {0400U, 0600U, 0700U}) {
    EXPECT_OK(LoadKeyFile(Write(digits_, mode))) << std::oct << mode;
  }
  for (const mode_t mode :
       {0440U, 0420U, 0410U, 0404U, 0402U, 0401U, 0644U, 0666U, 0640U}) {
    const absl::StatusOr<Secret<32>> key = LoadKeyFile(Write(digits_, mode));
    EXPECT_THAT(key, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(key, HasReason(Reason::kFileTooOpen));
    EXPECT_NE(key.status().message().find("chmod 0400"),
              absl::string_view::npos);
    EXPECT_THAT(LoadPassphraseFile(Write("open sesame", mode)),
                HasReason(Reason::kFileTooOpen));
  }
}

TEST_F(KeyFileTest, SaysThatAFileIsNotThere) {
  EXPECT_THAT(LoadKeyFile(directory_.File("none")),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(LoadPassphraseFile(directory_.File("none")),
              HasReason(Reason::kFileNotFound));
  EXPECT_THAT(LoadKeyFile(directory_.path()), ::testing::Not(testing::IsOk()));
}

// The kernel's form of an access list: version 2, then for each entry kind,
// permissions and account, little-endian.
class AccessListTest : public KeyFileTest {
 protected:
  static std::string Entry(char kind, char permissions, uint32_t account) {
    std::string entry = {kind, 0, permissions, 0};
    for (unsigned shift = 0; shift < 32; shift += 8) {
      entry.push_back(static_cast<char>(account >> shift));
    }
    return entry;
  }

  // A key file for its owner, plus `entries`, under a mask of "read".
  [[nodiscard]] std::string WriteWithList(const std::string& entries) const {
    constexpr uint32_t kNobody = 0xffffffff;
    const std::string list = std::string("\x02\0\0\0", 4) +
                             Entry(0x01, 4, kNobody) + entries +
                             Entry(0x10, 4, kNobody) + Entry(0x20, 0, kNobody);
    const std::string path = Write(digits_, 0400);
    EXPECT_EQ(setxattr(path.c_str(), "system.posix_acl_access", list.data(),
                       list.size(), 0),
              0)
        << "the temporary directory has to be on a file system with access "
           "lists";
    EXPECT_EQ(ModeOf(path), 0440U);
    return path;
  }

  const std::string group_may_not_ = Entry(0x04, 0, 0xffffffff);
  const std::string group_may_ = Entry(0x04, 4, 0xffffffff);
};

TEST_F(AccessListTest, TakesACredentialAsSystemdHandsItOver) {
  EXPECT_OK(
      LoadKeyFile(WriteWithList(Entry(0x02, 4, geteuid()) + group_may_not_)));
}

TEST_F(AccessListTest, RefusesAListWithAnybodyElseOnIt) {
  EXPECT_THAT(LoadKeyFile(WriteWithList(Entry(0x02, 4, geteuid() + 1) +
                                        group_may_not_)),
              HasReason(Reason::kFileTooOpen));
  EXPECT_THAT(
      LoadKeyFile(WriteWithList(Entry(0x02, 4, geteuid()) + group_may_)),
      HasReason(Reason::kFileTooOpen));
  EXPECT_THAT(LoadKeyFile(WriteWithList(Entry(0x02, 4, geteuid()) +
                                        group_may_not_ + Entry(0x08, 4, 1))),
              HasReason(Reason::kFileTooOpen));
}

TEST_F(KeyFileTest, APassphraseLosesOneNewlineOnly) {
  EXPECT_EQ(LoadPassphraseFile(Write("open sesame\n"))->ExposeText(),
            "open sesame");
  for (const char* content : {"open sesame\r\n", "\ufeffopen sesame\r\n",
                              "\ufeffopen sesame", "open sesame\r"}) {
    EXPECT_EQ(LoadPassphraseFile(Write(content))->ExposeText(), "open sesame");
  }
  EXPECT_EQ(LoadPassphraseFile(Write("open sesame"))->ExposeText(),
            "open sesame");
  EXPECT_EQ(LoadPassphraseFile(Write(" open sesame \n\n"))->ExposeText(),
            " open sesame \n");
  EXPECT_OK(LoadPassphraseFile(Write(std::string(1024, 'p') + "\n")));
  EXPECT_OK(
      LoadPassphraseFile(Write("\ufeff" + std::string(1024, 'p') + "\r\n")));
}

TEST_F(KeyFileTest, RefusesAPassphraseThatIsEmptyOrTooLong) {
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("\ufeff\r\n"),
        std::string(1025, 'p'), std::string(1026, 'p')}) {
    EXPECT_THAT(LoadPassphraseFile(Write(content)),
                HasReason(Reason::kPassphraseUnusable));
  }
}

TEST(PassphraseTest, GivesAKeyThatDependsOnEverything) {
  SeededRandom random(1);
  const PassphraseSalt salt = DrawPassphraseSalt(random);
  const PassphraseSalt other_salt = DrawPassphraseSalt(random);
  ASSERT_NE(salt, other_salt);
  const SecretBytes passphrase = SecretBytes::From("open sesame");
  const Secret<32> key = *KeyFromPassphrase(passphrase, salt, kQuick);
  EXPECT_TRUE(key.Equals(*KeyFromPassphrase(passphrase, salt, kQuick)));
  EXPECT_FALSE(key.Equals(*KeyFromPassphrase(passphrase, other_salt, kQuick)));
  EXPECT_FALSE(key.Equals(
      *KeyFromPassphrase(SecretBytes::From("open sesamf"), salt, kQuick)));
  EXPECT_FALSE(key.Equals(*KeyFromPassphrase(
      passphrase, salt, {.passes = 2, .memory_bytes = 8192})));
  EXPECT_FALSE(key.Equals(*KeyFromPassphrase(
      passphrase, salt, {.passes = 1, .memory_bytes = 16384})));
}

TEST(PassphraseTest, CostsThreePassesOver256MiBUnlessATestSaysOtherwise) {
  EXPECT_EQ(PassphraseCost().passes, 3U);
  EXPECT_EQ(PassphraseCost().memory_bytes, 268435456U);
}

TEST(PassphraseTest, SaysThatThereIsNotEnoughMemory) {
  const absl::StatusOr<Secret<32>> key =
      KeyFromPassphrase(SecretBytes::From("open sesame"), PassphraseSalt(),
                        {.passes = 1, .memory_bytes = size_t{1} << 41U});
  EXPECT_THAT(key, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(key, HasReason(Reason::kOutOfMemory));
}

}  // namespace
}  // namespace commonwage::crypto
