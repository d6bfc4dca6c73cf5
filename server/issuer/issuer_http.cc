// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/issuer_http.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/util/json_util.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/json_bounds.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "server/issuer/http_server.h"
#include "server/issuer/issuer.h"
#include "survey/enrolment_request.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::string_view kPage = "/enrol";
constexpr absl::string_view kStyle = "/enrol.css";
constexpr absl::string_view kCall =
    "/commonwage.v1.IssuerService/IssueCredential";
constexpr absl::string_view kRoundPrefix = "rounds/";

constexpr absl::string_view kStyleSheet = R"css(
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem;
  margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.5rem; }
label { display: block; font-weight: 600; margin-top: 1.2rem; }
input, textarea { font: inherit; width: 100%; box-sizing: border-box;
  padding: .5rem; border: 2px solid #555; border-radius: 4px; }
textarea { font-family: monospace; font-size: .9rem; min-height: 7rem; }
button { font: inherit; font-weight: 600; margin-top: 1.5rem;
  padding: .6rem 1.4rem; border: 0; border-radius: 4px;
  background: #0b5d3b; color: #fff; }
.hint { color: #444; font-size: .95rem; }
.said { border-left: 4px solid #a33; padding-left: .8rem; }
)css";

constexpr absl::string_view kPageHead = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Get your credential</title>
<link rel="stylesheet" href="/enrol.css">
</head>
<body>
<main>
<h1>Get your credential</h1>
)html";

constexpr absl::string_view kPageIntroduction = R"html(
<p>The union office signs your request without seeing what is in it. It learns
that you are a member; it can never tell which answer is yours.</p>
<ol>
<li>On your own device, make your request:
<code>commonwage enrol --request-out request.txt --server ADDRESS
--round ROUND --wallet my.wallet</code></li>
<li>Put the text of that file and the code from your letter in here.</li>
<li>Take the answer back to your device.</li>
</ol>
)html";

constexpr absl::string_view kPageForm = R"html(
<form method="post" action="/enrol">
<label for="code">Code from your letter</label>
<input id="code" name="code" required autocomplete="off" spellcheck="false">
<label for="request">Request</label>
<p class="hint" id="whole">All of it, beginning with <code>commonwage-request-1</code>.
Line breaks do not matter.</p>
<textarea id="request" name="request" required spellcheck="false"
 aria-describedby="whole"></textarea>
<button>Sign my request</button>
</form>
)html";

constexpr absl::string_view kPageLastStep = R"html(</textarea>
<p>Then say <code>commonwage enrol --answer-in FILE</code>, with the same server,
round and wallet as before. If the text gets lost, send the same request again:
you get the same answer.</p>
)html";

constexpr absl::string_view kPageFoot = "</main>\n</body>\n</html>\n";

HttpResponse Html(unsigned status, absl::string_view body) {
  return {status, "text/html; charset=utf-8",
          absl::StrCat(kPageHead, body, kPageFoot)};
}

unsigned HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return 400;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnavailable:
      return 503;
    default:
      return 500;
  }
}

// The sentence for people: an internal error's own text is for us alone.
std::string SentenceOf(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kInternal ||
      status.code() == absl::StatusCode::kUnknown) {
    return "Something went wrong at the union office. Nothing was used up; "
           "please try again later.";
  }
  return std::string(status.message());
}

std::string JsonString(absl::string_view text) {
  std::string escaped = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      escaped += '\\';
    }
    escaped += absl::ascii_iscntrl(static_cast<unsigned char>(c)) ? ' ' : c;
  }
  escaped += '"';
  return escaped;
}

HttpResponse JsonError(const absl::Status& status) {
  return {
      HttpStatusOf(status.code()), "application/json",
      absl::StrCat("{\"code\":",
                   JsonString(absl::AsciiStrToLower(
                       absl::StatusCodeToString(status.code()))),
                   ",\"message\":", JsonString(SentenceOf(status)),
                   ",\"reason\":", JsonString(ReasonNameOf(status)), "}\n")};
}

absl::Status NotAMessage() {
  return Refusal(Reason::kRequestMalformed,
                 "This is not a request for a credential; make it with "
                 "`commonwage enrol`. Your code is not used up.");
}

std::string ConnectionOf(const HttpRequest& request) {
  return absl::StrCat("http:", request.connection);
}

HttpResponse AnswerCall(Issuer& issuer, const HttpRequest& request) {
  v1::IssueCredentialRequest message;
  if (!absl::StartsWith(request.content_type, "application/json") ||
      FindBeyondJsonBounds(request.body).has_value() ||
      !google::protobuf::util::JsonStringToMessage(request.body, &message)
           .ok() ||
      !absl::StartsWith(message.round(), kRoundPrefix)) {
    return JsonError(NotAMessage());
  }
  absl::StatusOr<std::string> signature =
      issuer.IssueCredential({message.enrolment_code(),
                              {message.round().substr(kRoundPrefix.size()),
                               message.issuer_key_digest(),
                               message.blinded_message(), message.checksum()}},
                             ConnectionOf(request));
  if (!signature.ok()) {
    return JsonError(signature.status());
  }
  return {200, "application/json",
          absl::StrCat("{\"blindSignature\":\"", absl::Base64Escape(*signature),
                       "\"}\n")};
}

// Undoes application/x-www-form-urlencoded; a broken escape stays as it is.
std::string FormDecode(absl::string_view encoded) {
  const std::string spaced = absl::StrReplaceAll(encoded, {{"+", " "}});
  std::string decoded;
  for (size_t i = 0; i < spaced.size(); ++i) {
    if (spaced[i] == '%' && i + 2 < spaced.size() &&
        absl::ascii_isxdigit(static_cast<unsigned char>(spaced[i + 1])) &&
        absl::ascii_isxdigit(static_cast<unsigned char>(spaced[i + 2]))) {
      decoded += HexToBytes(spaced.substr(i + 1, 2));
      i += 2;
    } else {
      decoded += spaced[i];
    }
  }
  return decoded;
}

HttpResponse AnswerForm(Issuer& issuer, const HttpRequest& request) {
  std::map<std::string, std::string> fields;
  for (const absl::string_view pair : absl::StrSplit(request.body, '&')) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(pair, absl::MaxSplits('=', 1));
    fields[std::string(field.first)] = FormDecode(field.second);
  }
  const absl::StatusOr<EnrolmentRequest> made =
      ParseEnrolmentRequest(fields["request"]);
  const absl::StatusOr<std::string> signature =
      made.ok() ? issuer.IssueCredential({fields["code"], *made},
                                         ConnectionOf(request))
                : made.status();
  if (!signature.ok()) {
    return Html(
        HttpStatusOf(signature.status().code()),
        absl::StrCat("<p class=\"said\" role=\"alert\">",
                     SentenceOf(signature.status()), "</p>", kPageForm));
  }
  return Html(
      200,
      absl::StrCat(
          "<p>Your request is signed. Save this text in a file on your "
          "own device, which alone can use it:</p>\n"
          "<label for=\"answer\">Answer</label>\n"
          "<textarea id=\"answer\" readonly>",
          WriteEnrolmentAnswer({made->round_id, *signature}), kPageLastStep));
}

}  // namespace

HttpResponse AnswerHttp(Issuer& issuer, const HttpRequest& request) {
  const absl::string_view path =
      absl::string_view(request.target).substr(0, request.target.find('?'));
  if (path == kPage && request.method == "GET") {
    return Html(200, absl::StrCat(kPageIntroduction, kPageForm));
  }
  if (path == kPage && request.method == "POST") {
    return AnswerForm(issuer, request);
  }
  if (path == kStyle && request.method == "GET") {
    return {200, "text/css; charset=utf-8", std::string(kStyleSheet)};
  }
  if (path == kCall && request.method == "POST") {
    return AnswerCall(issuer, request);
  }
  return {404, "text/plain; charset=utf-8",
          "There is nothing here. You may be looking for /enrol.\n"};
}

}  // namespace commonwage::server::issuer
