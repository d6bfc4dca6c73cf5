// SPDX-License-Identifier: Apache-2.0
#include "survey/round_state.h"

#include "commonwage/v1/round.pb.h"

namespace commonwage {

// So that a cast is all it takes to say a state to others.
static_assert(static_cast<int>(RoundState::kCreated) ==
              v1::ROUND_STATE_CREATED);
static_assert(static_cast<int>(RoundState::kOpen) == v1::ROUND_STATE_OPEN);
static_assert(static_cast<int>(RoundState::kClosed) == v1::ROUND_STATE_CLOSED);
static_assert(static_cast<int>(RoundState::kPublished) ==
              v1::ROUND_STATE_PUBLISHED);
static_assert(static_cast<int>(RoundState::kErased) == v1::ROUND_STATE_ERASED);
static_assert(static_cast<int>(RoundState::kCancelled) ==
              v1::ROUND_STATE_CANCELLED);
static_assert(static_cast<int>(RoundState::kCancelled) ==
              v1::RoundState_ARRAYSIZE - 1);

}  // namespace commonwage
