// SPDX-License-Identifier: Apache-2.0
// One step of our blind signatures, for a script to mix with another library's.
// Everything goes in and out in hexadecimal.
//
//   driver generate                           private and public key, a line
//   each driver blind PUBLIC MESSAGE SEED          blinded message driver sign
//   PRIVATE BLINDED               blind signature driver finalize PUBLIC
//   MESSAGE SEED BLIND_SIGNATURE      signature driver verify PUBLIC MESSAGE
//   SIGNATURE    true or false

#include <cstddef>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "base/bytes.h"
#include "base/status_macros.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/blind/blind_rsa_key.h"
#include "crypto/derived_random.h"
#include "crypto/secret.h"

namespace commonwage::crypto {
namespace {

absl::StatusOr<std::string> Generate() {
  COMMONWAGE_ASSIGN_OR_RETURN(const BlindRsaPrivateKey key,
                              BlindRsaPrivateKey::Generate());
  COMMONWAGE_ASSIGN_OR_RETURN(const SecretBytes der, key.Serialize());
  return absl::StrCat(absl::BytesToHexString(der.ExposeText()), "\n",
                      absl::BytesToHexString(key.public_key_der()));
}

absl::StatusOr<BlindRsaRequest> Blind(const std::string& key_der,
                                      const std::string& message,
                                      const std::string& seed_bytes) {
  COMMONWAGE_ASSIGN_OR_RETURN(const BlindRsaPublicKey key,
                              BlindRsaPublicKey::FromDer(key_der));
  const std::optional<Secret<32>> seed = Secret<32>::From(seed_bytes);
  if (!seed.has_value()) {
    return absl::InvalidArgumentError("a seed has 32 bytes");
  }
  DerivedRandom random(*seed);
  return BlindRsaRequest::Blind(key, message, random);
}

absl::StatusOr<std::string> Run(const std::string& step,
                                const std::vector<std::string>& words) {
  if (step == "generate" && words.empty()) {
    return Generate();
  }
  if (step == "blind" && words.size() == 3) {
    COMMONWAGE_ASSIGN_OR_RETURN(const BlindRsaRequest request,
                                Blind(words[0], words[1], words[2]));
    return absl::BytesToHexString(request.blinded_message());
  }
  if (step == "sign" && words.size() == 2) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const BlindRsaPrivateKey key,
        BlindRsaPrivateKey::FromDer(SecretBytes::From(words[0])));
    COMMONWAGE_ASSIGN_OR_RETURN(const std::string signature,
                                key.BlindSign(words[1]));
    return absl::BytesToHexString(signature);
  }
  if (step == "finalize" && words.size() == 4) {
    COMMONWAGE_ASSIGN_OR_RETURN(const BlindRsaRequest request,
                                Blind(words[0], words[1], words[2]));
    COMMONWAGE_ASSIGN_OR_RETURN(const std::string signature,
                                request.Finalize(words[3]));
    return absl::BytesToHexString(signature);
  }
  if (step == "verify" && words.size() == 3) {
    COMMONWAGE_ASSIGN_OR_RETURN(const BlindRsaPublicKey key,
                                BlindRsaPublicKey::FromDer(words[0]));
    return std::string(key.Verify(words[1], words[2]) ? "true" : "false");
  }
  return absl::InvalidArgumentError("no such step");
}

}  // namespace
}  // namespace commonwage::crypto

int main(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = 2; i < argc; ++i) {
    words.push_back(commonwage::HexToBytes(argv[i]));
  }
  const absl::StatusOr<std::string> result =
      commonwage::crypto::Run(argc > 1 ? argv[1] : "", words);
  if (!result.ok()) {
    std::cerr << result.status().message() << "\n";
    return 1;
  }
  std::cout << *result << "\n";
  return 0;
}
