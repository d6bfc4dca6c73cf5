// SPDX-License-Identifier: Apache-2.0
// A way to call a server from an address of one's own: all of 127.0.0.0/8 is
// this machine.

#ifndef COMMONWAGE_TESTS_TESTING_FAR_CALLER_H_
#define COMMONWAGE_TESTS_TESTING_FAR_CALLER_H_

#include <cstdint>
#include <string>
#include <thread>

namespace commonwage::testing {

// Passes bytes on between one connection to a port of its own and one to the
// server, which sees `address` as the caller's. Ends both when it goes.
class FarCaller {
 public:
  // `server` is "127.0.0.1:port". Aborts if the system has no port left.
  FarCaller(const std::string& address, const std::string& server);
  FarCaller(const FarCaller&) = delete;
  FarCaller& operator=(const FarCaller&) = delete;
  ~FarCaller();

  // Where to call instead of the server.
  [[nodiscard]] std::string server() const;

  // The caller's address as the kernel writes it: family, port, four bytes.
  [[nodiscard]] std::string SocketAddress() const;

 private:
  void PassOn() const;

  int listening_;
  int outward_;
  uint16_t server_port_;
  std::thread thread_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_FAR_CALLER_H_
