// SPDX-License-Identifier: Apache-2.0
// Joins what two offices hold, the way somebody with both their records and all
// their keys would: by any shared bytes, by order, by count. The truth is
// given, so that the tests can say how often the join is right.

#ifndef COMMONWAGE_TESTS_TESTING_JOINED_STORES_H_
#define COMMONWAGE_TESTS_TESTING_JOINED_STORES_H_

#include <cstddef>
#include <string>
#include <vector>

namespace commonwage::testing {

// All bytes that one office holds, and for each person the strings in them that
// belong to that person there (a row's reference and digests, say): as many for
// everybody, in the same order, of 8 bytes or more each.
struct Holdings {
  std::string bytes;
  std::vector<std::vector<std::string>> tokens;
};

// How well the two holdings fit together; the i-th persons of both are one.
struct JoinReport {
  size_t links = 0;        // Shared strings that lie near two persons' tokens.
  size_t right_links = 0;  // Of these, with the same person on both sides.
  double links_p = 1;      // Chance of so many right ones if nothing is linked.
  double order_z = 0;      // Rank correlation of positions, in standard errors.
  double next_z = 0;       // Of two neighbours here, how often the second comes
                           // later there too, in standard errors from half.
  double count_z = 0;      // The same of how often a person's tokens occur.
};

// Compares every string of 8 bytes or more that both hold and that is rare in
// both: one that lies near many persons links nobody, but one that is repeated
// near the same persons, in images of a page, does. Each belongs to the persons
// whose tokens lie within 256 bytes. Order is that of first occurrence, for
// each kind of token; of all pairs of kinds the one that fits best is reported.
JoinReport Join(const Holdings& one, const Holdings& other);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_JOINED_STORES_H_
