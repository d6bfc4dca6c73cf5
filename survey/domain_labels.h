// SPDX-License-Identifier: Apache-2.0
// Domain labels. Every hash, signature, derivation and sealing begins with its
// own, so that bytes made for one purpose mean nothing for another. None is the
// beginning of another. Do not change one: it is part of the formats. (What
// only one file of crypto/ or storage/ uses is defined there.)

#ifndef COMMONWAGE_SURVEY_DOMAIN_LABELS_H_
#define COMMONWAGE_SURVEY_DOMAIN_LABELS_H_

#include "absl/strings/string_view.h"

namespace commonwage {

// SHA-256 over label || manifest bytes.
inline constexpr absl::string_view kManifestHashLabel =
    "commonwage/v1/manifest-hash";
// The survey key's Ed25519 over label || manifest bytes.
inline constexpr absl::string_view kManifestSignatureLabel =
    "commonwage/v1/manifest-signature";
// First 8 bytes of SHA-256 over label || round public key.
inline constexpr absl::string_view kRoundKeyIdLabel =
    "commonwage/v1/round-key-id";
// HPKE info is label || manifest hash.
inline constexpr absl::string_view kSealLabel = "commonwage/v1/seal";
// The pseudonym's Ed25519 over label || bytes 0 to 959 of a frame.
inline constexpr absl::string_view kFrameSignatureLabel =
    "commonwage/v1/frame-signature";
// SHA-256 over label || frame.
inline constexpr absl::string_view kFrameDigestLabel =
    "commonwage/v1/frame-digest";
// The operator's Ed25519 over label || receipt body.
inline constexpr absl::string_view kReceiptSignatureLabel =
    "commonwage/v1/receipt-signature";
// The issuer's blind RSA over label || manifest hash || pseudonym.
inline constexpr absl::string_view kCredentialLabel =
    "commonwage/v1/credential";
// SHA-256 over label || sealed inbox file without its trailer.
inline constexpr absl::string_view kInboxDigestLabel =
    "commonwage/v1/inbox-digest";
// The operator's Ed25519 over label || header of a sealed inbox || its digest.
inline constexpr absl::string_view kInboxSignatureLabel =
    "commonwage/v1/inbox-signature";
// The survey key's Ed25519 over label || release hash || inbox digest.
inline constexpr absl::string_view kCountedInboxLabel =
    "commonwage/v1/counted-inbox";
// SHA-256 over label || release bytes.
inline constexpr absl::string_view kReleaseHashLabel =
    "commonwage/v1/release-hash";
// The survey key's Ed25519 over label || release bytes.
inline constexpr absl::string_view kReleaseSignatureLabel =
    "commonwage/v1/release-signature";
// The survey key's Ed25519 over label || cancellation.
inline constexpr absl::string_view kCancellationSignatureLabel =
    "commonwage/v1/cancellation-signature";
// Derivations of a member's seed, each with the manifest hash as context.
inline constexpr absl::string_view kPseudonymSeedLabel =
    "commonwage/v1/pseudonym-seed";
inline constexpr absl::string_view kBlindingSeedLabel =
    "commonwage/v1/blinding-seed";
// The issuer's: keyed hash of an enrolment code; SHA-256 over label || blinded
// request; SHA-256 over label || DER of the issuing key.
inline constexpr absl::string_view kEnrolmentCodeLabel =
    "commonwage/v1/enrolment-code";
// The issuer's: derivation of the key that codes are kept under until they were
// used; associated data of a kept code, before its hash.
inline constexpr absl::string_view kKeptCodeLabel = "commonwage/v1/kept-code";
// Associated data of a vault's wrapped key, before the salt.
inline constexpr absl::string_view kVaultKeyLabel = "commonwage/v1/vault-key";
inline constexpr absl::string_view kBlindedRequestLabel =
    "commonwage/v1/blinded-request";
inline constexpr absl::string_view kIssuerKeyDigestLabel =
    "commonwage/v1/issuer-key-digest";
// SHA-256 over label || digest of the issuing key || blinded message: finds a
// request for a credential that was damaged on its way.
inline constexpr absl::string_view kRequestChecksumLabel =
    "commonwage/v1/request-checksum";

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_DOMAIN_LABELS_H_
