// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <new>
#include <ostream>
#include <sstream>
#include <string>
#include <type_traits>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "crypto/internal/wiped.h"
#include "crypto/sodium_random.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::crypto {
namespace {

// Ways in which a secret could slip out. None may compile.
template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept Joinable = requires(const T& value) {
  absl::StrCat(value);
};
template <typename T>
concept ComparableByOperator = requires(const T& left, const T& right) {
  left == right;
};
template <typename T>
concept OrderedByOperator = requires(const T& left, const T& right) {
  left < right;
};
template <typename T>
concept Hashable = requires(const T& value) {
  absl::Hash<T>()(value);
};
template <typename T>
concept Iterable = requires(const T& value) {
  value.begin();
};

template <typename T>
constexpr bool KeepsItsSecret() {
  return !Printable<T> && !Joinable<T> && !ComparableByOperator<T> &&
         !OrderedByOperator<T> && !Iterable<T> &&
         !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
         std::is_nothrow_move_constructible_v<T> &&
         std::is_nothrow_move_assignable_v<T> &&
         !std::is_convertible_v<T, std::string> &&
         !std::is_convertible_v<T, absl::string_view> &&
         !std::is_convertible_v<T, const uint8_t*> &&
         !std::is_convertible_v<T, absl::Span<const uint8_t>> &&
         !std::is_convertible_v<T, bool>;
}
static_assert(KeepsItsSecret<Secret<32>>());
static_assert(KeepsItsSecret<SecretBytes>());
static_assert(!std::is_convertible_v<std::string, SecretBytes>);
static_assert(!std::is_convertible_v<size_t, SecretBytes>);
// The questions do find what may be printed, joined, compared and copied.
static_assert(Printable<std::string> && Joinable<std::string> &&
              ComparableByOperator<std::string> && Iterable<std::string> &&
              OrderedByOperator<std::string> && Hashable<std::string>);
static_assert(!KeepsItsSecret<std::string>());

// The kernel's word on a byte of this process: nullopt where there is none.
std::optional<uint8_t> ReadOwnMemory(uintptr_t address) {
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  uint8_t byte = 0;
  const ssize_t got = pread(memory, &byte, 1, static_cast<off_t>(address));
  close(memory);
  return got == 1 ? std::optional<uint8_t>(byte) : std::nullopt;
}

// The kernel's flags of the pages around `address`, such as "rd wr dd".
std::string PageFlags(uintptr_t address) {
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    char dash = 0;
    std::istringstream range(line);
    if (range >> std::hex >> begin >> dash >> end && dash == '-') {
      inside = begin <= address && address < end;
    }
    if (inside && line.rfind("VmFlags:", 0) == 0) {
      return line;
    }
  }
  return "";
}

TEST(SecretTest, HoldsWhatItWasGiven) {
  const std::optional<Secret<4>> secret = Secret<4>::From("wage");
  ASSERT_TRUE(secret.has_value());
  EXPECT_EQ(secret->ExposeText(), "wage");
  EXPECT_EQ(secret->Expose().size(), 4U);
  EXPECT_EQ(SecretBytes::From("wages").ExposeText(), "wages");
}

TEST(SecretTest, RefusesAnotherLength) {
  EXPECT_FALSE(Secret<4>::From("wages").has_value());
  EXPECT_FALSE(Secret<4>::From("pay").has_value());
  EXPECT_FALSE(Secret<4>::From(SecretBytes()).has_value());
}

TEST(SecretTest, StartsAsZeros) {
  const Secret<8> secret;
  EXPECT_EQ(secret.ExposeText(), std::string(8, '\0'));
}

TEST(SecretTest, DrawsExactlyItsLength) {
  testing::SeededRandom random(1);
  testing::SeededRandom same(1);
  std::array<uint8_t, 32> expected{};
  same.Fill(absl::MakeSpan(expected));
  const Secret<32> secret = Secret<32>::Random(random);
  EXPECT_TRUE(
      std::equal(expected.begin(), expected.end(), secret.Expose().begin()));
  EXPECT_EQ(random.Next(), same.Next());
}

TEST(SecretTest, ComparesByContent) {
  const SecretBytes wage = SecretBytes::From("wage");
  EXPECT_TRUE(wage.Equals(wage.Clone()));
  EXPECT_FALSE(wage.Equals(SecretBytes::From("wagf")));
  EXPECT_FALSE(wage.Equals(SecretBytes::From("xage")));
  EXPECT_FALSE(wage.Equals(SecretBytes::From("wages")));
  EXPECT_FALSE(wage.Equals(SecretBytes()));
  EXPECT_TRUE(SecretBytes().Equals(SecretBytes()));
}

TEST(SecretTest, ACloneIsASecondCopy) {
  SecretBytes first = SecretBytes::From("wage");
  const SecretBytes second = first.Clone();
  first.ExposeForWriting()[0] = 'c';
  EXPECT_EQ(second.ExposeText(), "wage");
}

TEST(SecretTest, MovingLeavesNothingBehind) {
  SecretBytes from = SecretBytes::From("wage");
  const SecretBytes to = std::move(from);
  EXPECT_EQ(to.ExposeText(), "wage");
  EXPECT_EQ(from.size(), 0U);  // NOLINT(bugprone-use-after-move): the point.
  EXPECT_EQ(from.Expose().data(), nullptr);
}

TEST(SecretTest, LivesOutsideCoreFilesAndBeforeAGuardPage) {
  const Secret<32> secret;
  const auto begin = reinterpret_cast<uintptr_t>(secret.Expose().data());
  EXPECT_NE(PageFlags(begin).find(" dd"), std::string::npos);
  EXPECT_TRUE(ReadOwnMemory(begin + 31).has_value());
  // The first byte after it belongs to a page that nobody may touch.
  EXPECT_EQ(PageFlags(begin + 32).find(" rd"), std::string::npos);
  EXPECT_NE(PageFlags(begin).find(" rd"), std::string::npos);
}

TEST(SecretTest, IsGoneFromMemoryWhenLetGo) {
  uintptr_t address = 0;
  {
    const Secret<32> secret;
    address = reinterpret_cast<uintptr_t>(secret.Expose().data());
    ASSERT_TRUE(ReadOwnMemory(address).has_value());
  }
  // libsodium wipes, then gives the pages back: there is nothing to be read.
  EXPECT_FALSE(ReadOwnMemory(address).has_value());
}

TEST(WipeTest, OverwritesTheWholeAllocation) {
  std::string text = "a wage that is too long for the small buffer of strings";
  text.resize(20);
  const char* const bytes = text.data();
  const size_t capacity = text.capacity();
  Wipe(text);
  EXPECT_TRUE(text.empty());
  // The string still owns this memory.
  ASSERT_EQ(text.data(), bytes);
  ASSERT_EQ(text.capacity(), capacity);
  for (size_t i = 0; i < capacity; ++i) {
    EXPECT_EQ(bytes[i], 0) << i;
  }
}

TEST(WipedTest, OverwritesTheStackWhenItGoesOutOfScope) {
  alignas(Wiped<32>) std::array<unsigned char, sizeof(Wiped<32>)> storage{};
  auto* const wiped = new (storage.data()) Wiped<32>();
  std::fill_n(wiped->data(), 32, uint8_t{0x5a});
  EXPECT_EQ(storage[31], 0x5a);
  wiped->~Wiped<32>();
  const volatile unsigned char* const left = storage.data();
  for (size_t i = 0; i < storage.size(); ++i) {
    EXPECT_EQ(left[i], 0) << i;
  }
}

TEST(SodiumRandomTest, GivesOtherBytesEveryTime) {
  ASSERT_TRUE(InitCrypto().ok());
  ASSERT_TRUE(InitCrypto().ok());
  SodiumRandom random;
  const Secret<32> first = Secret<32>::Random(random);
  const Secret<32> second = Secret<32>::Random(random);
  EXPECT_FALSE(first.Equals(second));
  EXPECT_FALSE(first.Equals(Secret<32>()));
}

}  // namespace
}  // namespace commonwage::crypto
