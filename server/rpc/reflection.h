// SPDX-License-Identifier: Apache-2.0
// Server reflection, v1 and v1alpha, so that general tools can list and call
// this API without its files. Ours, because the plugin that comes with gRPC is
// a synchronous service, whose threads callers can multiply without bound, and
// knows v1alpha alone.

#ifndef COMMONWAGE_SERVER_RPC_REFLECTION_H_
#define COMMONWAGE_SERVER_RPC_REFLECTION_H_

#include <memory>
#include <string>
#include <vector>

namespace grpc {
class Service;
}  // namespace grpc

namespace commonwage::server {

// Returns both versions of the service. They list `service_names`, such as
// "commonwage.v1.RoundService", themselves and health, and give any descriptor
// that is linked into the program.
std::vector<std::unique_ptr<grpc::Service>> MakeReflectionServices(
    const std::vector<std::string>& service_names);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_RPC_REFLECTION_H_
