// SPDX-License-Identifier: Apache-2.0
// The issuer over gRPC: a shell that only forwards.

#ifndef COMMONWAGE_SERVER_ISSUER_ISSUER_SERVICE_H_
#define COMMONWAGE_SERVER_ISSUER_ISSUER_SERVICE_H_

#include "server/issuer/issuer.h"
#include "server/rpc/grpc_server.h"

namespace commonwage::server::issuer {

// Returns commonwage.v1.IssuerService over `issuer`, which must outlive it.
ServedService MakeIssuerService(Issuer& issuer);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_ISSUER_SERVICE_H_
