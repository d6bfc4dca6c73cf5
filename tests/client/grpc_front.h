// SPDX-License-Identifier: Apache-2.0
// A FakeServer and a FakeIssuer behind real gRPC on this machine.

#ifndef COMMONWAGE_TESTS_CLIENT_GRPC_FRONT_H_
#define COMMONWAGE_TESTS_CLIENT_GRPC_FRONT_H_

#include <memory>
#include <string>

#include "tests/client/fake_server.h"

namespace commonwage::testing {

// A certificate for 127.0.0.1, signed by itself, and its key.
struct TlsIdentity {
  std::string certificate_pem;
  std::string key_pem;
};

// Makes one that is valid for a day.
TlsIdentity MakeTlsIdentity();

// Serves from construction to destruction.
class GrpcFront {
 public:
  // `issuer` and `tls` may be null. Server and issuer outlive this object.
  explicit GrpcFront(FakeServer& server, FakeIssuer* issuer = nullptr,
                     const TlsIdentity* tls = nullptr);
  GrpcFront(const GrpcFront&) = delete;
  GrpcFront& operator=(const GrpcFront&) = delete;
  ~GrpcFront();

  // "127.0.0.1:PORT".
  [[nodiscard]] const std::string& address() const { return address_; }
  // How many Submit calls came in; the client's own tries are included.
  [[nodiscard]] int submit_calls() const;
  // Fails the next calls of Submit as a dying server does, before acting.
  void FailNextSubmits(int calls);
  // The "authorization" that the last statistics call carried.
  [[nodiscard]] std::string last_authorization() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::string address_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_CLIENT_GRPC_FRONT_H_
