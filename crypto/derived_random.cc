// SPDX-License-Identifier: Apache-2.0
#include "crypto/derived_random.h"

#include <string>

#include <sodium.h>

#include "base/bytes.h"
#include "crypto/derive.h"

namespace commonwage::crypto {
namespace {

constexpr absl::string_view kCallLabel = "commonwage/v1/derived-random";

}  // namespace

void DerivedRandom::Fill(absl::Span<uint8_t> out) {
  std::string call;
  AppendUint64(call, calls_++);
  const Secret<32> key = Derive(seed_, kCallLabel, call);
  static_assert(randombytes_SEEDBYTES == 32);
  randombytes_buf_deterministic(out.data(), out.size(), key.Expose().data());
}

}  // namespace commonwage::crypto
