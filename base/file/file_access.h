// SPDX-License-Identifier: Apache-2.0
// Internal to base/file: who has access to an open file besides this account.

#ifndef COMMONWAGE_BASE_FILE_FILE_ACCESS_H_
#define COMMONWAGE_BASE_FILE_FILE_ACCESS_H_

namespace commonwage {

// Whether the open file `descriptor` is for its owner and this account alone,
// access lists included. False if that cannot be found out.
bool IsPrivate(int descriptor);

// Whether it belongs to this account, or to root, who is above all accounts.
// False if that cannot be found out.
bool IsOfThisAccount(int descriptor);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_FILE_ACCESS_H_
