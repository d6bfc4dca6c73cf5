// SPDX-License-Identifier: Apache-2.0
// commonwage.v1.SubmissionService over gRPC: a shell around FrameAdmission.

#ifndef COMMONWAGE_SERVER_COLLECTOR_SUBMISSION_SERVICE_H_
#define COMMONWAGE_SERVER_COLLECTOR_SUBMISSION_SERVICE_H_

#include "server/collector/admission.h"
#include "server/rpc/grpc_server.h"

namespace commonwage::server::collector {

// Returns the service. `admission` must outlive it.
ServedService MakeSubmissionService(FrameAdmission& admission);

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_SUBMISSION_SERVICE_H_
