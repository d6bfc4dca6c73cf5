// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: who else may read a file.

#ifndef COMMONWAGE_CRYPTO_FILE_ACCESS_H_
#define COMMONWAGE_CRYPTO_FILE_ACCESS_H_

namespace commonwage::crypto {

// Whether the open file `descriptor` is for its owner and this account alone,
// access lists included. False if that cannot be found out.
bool IsPrivate(int descriptor);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_FILE_ACCESS_H_
