// SPDX-License-Identifier: Apache-2.0
// A genuine release, drawn by the production code from a made population.

#ifndef COMMONWAGE_TESTS_CLIENT_MADE_RELEASE_H_
#define COMMONWAGE_TESTS_CLIENT_MADE_RELEASE_H_

#include "commonwage/v1/round.pb.h"
#include "survey/release.h"
#include "tests/client/made_round.h"

namespace commonwage::testing {

// Draws the release of `round` for 2,000 couriers, so that some cells are shown
// and some withheld.
Release DrawMadeRelease(const MadeRound& round);

// Signs `release` and the round's manifest with the round's survey key.
v1::SignedRelease SignRelease(const Release& release, const MadeRound& round);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_CLIENT_MADE_RELEASE_H_
