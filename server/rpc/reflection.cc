// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/reflection.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <grpc/health/v1/health.pb.h>
#include <grpc/reflection/v1/reflection.grpc.pb.h>
#include <grpc/reflection/v1alpha/reflection.grpc.pb.h>
#include <grpcpp/grpcpp.h>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace commonwage::server {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

// Appends `file` and all that it imports, each once.
template <typename Response>
void AppendFile(const FileDescriptor& file, std::set<std::string>& seen,
                Response& response) {
  if (!seen.insert(file.name()).second) {
    return;
  }
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  response.mutable_file_descriptor_response()->add_file_descriptor_proto(
      proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) {
    // As deep as our own files import each other.
    // NOLINTNEXTLINE(misc-no-recursion)
    AppendFile(*file.dependency(i), seen, response);
  }
}

template <typename Response>
void SetNotFound(Response& response) {
  auto* error = response.mutable_error_response();
  error->set_error_code(grpc::StatusCode::NOT_FOUND);
  error->set_error_message("There is nothing of that name.");
}

template <typename Response>
void SetFile(const FileDescriptor* file, Response& response) {
  if (file == nullptr) {
    SetNotFound(response);
    return;
  }
  std::set<std::string> seen;
  AppendFile(*file, seen, response);
}

template <typename Request, typename Response>
Response Answer(const Request& request,
                const std::vector<std::string>& service_names) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      SetFile(pool.FindFileByName(request.file_by_filename()), response);
      break;
    case Request::kFileContainingSymbol:
      SetFile(pool.FindFileContainingSymbol(request.file_containing_symbol()),
              response);
      break;
    case Request::kListServices:
      for (const std::string& name : service_names) {
        response.mutable_list_services_response()->add_service()->set_name(
            name);
      }
      break;
    default:
      // Proto3 has no extensions to tell of.
      SetNotFound(response);
      break;
  }
  return response;
}

// One stream: answers one request after the other. Deletes itself.
template <typename Request, typename Response>
class ReflectionStream final
    : public grpc::ServerBidiReactor<Request, Response> {
 public:
  explicit ReflectionStream(const std::vector<std::string>& service_names)
      : service_names_(service_names) {
    this->StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      this->Finish(grpc::Status::OK);
      return;
    }
    response_ = Answer<Request, Response>(request_, service_names_);
    this->StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) {
      this->Finish(grpc::Status::OK);
      return;
    }
    this->StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  const std::vector<std::string>& service_names_;
  Request request_;
  Response response_;
};

template <typename Stubs, typename Request, typename Response>
class ReflectionService final
    : public Stubs::ServerReflection::CallbackService {
 public:
  explicit ReflectionService(std::vector<std::string> service_names)
      : service_names_(std::move(service_names)) {}

 private:
  grpc::ServerBidiReactor<Request, Response>* ServerReflectionInfo(
      grpc::CallbackServerContext* /*context*/) override {
    return new ReflectionStream<Request, Response>(service_names_);
  }

  const std::vector<std::string> service_names_;
};

// The two versions, as types that a template can take.
struct V1 {
  using ServerReflection = grpc::reflection::v1::ServerReflection;
};
struct V1Alpha {
  using ServerReflection = grpc::reflection::v1alpha::ServerReflection;
};

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> MakeReflectionServices(
    const std::vector<std::string>& service_names) {
  std::vector<std::string> names = service_names;
  names.emplace_back(V1::ServerReflection::service_full_name());
  names.emplace_back(V1Alpha::ServerReflection::service_full_name());
  // Names a type of health's file, so that the linker keeps its descriptor: the
  // service itself is gRPC's own, which has none.
  names.push_back(
      grpc::health::v1::HealthCheckRequest::descriptor()->file()->package() +
      ".Health");

  namespace v1 = grpc::reflection::v1;
  namespace v1alpha = grpc::reflection::v1alpha;
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(
      std::make_unique<ReflectionService<V1, v1::ServerReflectionRequest,
                                         v1::ServerReflectionResponse>>(names));
  services.push_back(
      std::make_unique<
          ReflectionService<V1Alpha, v1alpha::ServerReflectionRequest,
                            v1alpha::ServerReflectionResponse>>(names));
  return services;
}

}  // namespace commonwage::server
