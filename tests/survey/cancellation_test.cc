// SPDX-License-Identifier: Apache-2.0
#include "survey/cancellation.h"

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "survey/issuer_key_file.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::HasReason;

const Cancellation kCancellation = {testing::SampleManifestHash()};

TEST(CancellationTest, HasOneSpelling) {
  const std::string bytes = WriteCancellation(kCancellation);
  ASSERT_EQ(bytes.size(), kCancellationSize);
  const auto read = ParseCancellation(bytes);
  ASSERT_OK(read);
  EXPECT_EQ(*read, kCancellation);
  EXPECT_THAT(ParseCancellation(bytes + '\0'),
              HasReason(Reason::kCancellationMalformed));
  EXPECT_THAT(ParseCancellation(bytes.substr(1)),
              HasReason(Reason::kCancellationMalformed));
  EXPECT_THAT(ParseCancellation(""), HasReason(Reason::kCancellationMalformed));
}

TEST(CancellationTest, AnyOtherHeadIsRefused) {
  const std::string bytes = WriteCancellation(kCancellation);
  constexpr size_t kHead = kCancellationSize - ManifestHash::kSize;
  for (size_t i = 0; i < kHead * 8; ++i) {
    std::string changed = bytes;
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
    EXPECT_THAT(ParseCancellation(changed),
                HasReason(Reason::kCancellationMalformed))
        << i;
  }
}

const IssuerKeyFile kKeyFile = {"couriers.2026-q1", std::string(294, '\x30')};

TEST(IssuerKeyFileTest, NamesItsRoundHoweverItIsCarried) {
  std::string text = WriteIssuerKeyFile(kKeyFile);
  EXPECT_EQ(text.substr(0, 41), "commonwage-issuer-key-1 couriers.2026-q1\n");
  EXPECT_EQ(*ParseIssuerKeyFile(text), kKeyFile);
  for (size_t at = text.find('\n'); at != std::string::npos;
       at = text.find('\n', at + 4)) {
    text.replace(at, 1, "\r\n  ");
  }
  EXPECT_EQ(*ParseIssuerKeyFile(text), kKeyFile);
}

TEST(IssuerKeyFileTest, WhatIsNoSuchFileIsRefused) {
  const std::string text = WriteIssuerKeyFile(kKeyFile);
  for (const std::string& other :
       {std::string(294, '\x30'), std::string(), text.substr(0, 41),
        "commonwage-request-1" + text.substr(23), "x" + text,
        WriteIssuerKeyFile({"couriers", kKeyFile.public_key}),
        WriteIssuerKeyFile({"couriers.2026-q1", std::string(1025, '\x30')})}) {
    EXPECT_THAT(ParseIssuerKeyFile(other),
                HasReason(Reason::kIssuerKeyFileMalformed));
  }
}

}  // namespace
}  // namespace commonwage
