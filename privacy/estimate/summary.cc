// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/summary.h"
