// SPDX-License-Identifier: Apache-2.0
// The issuer over HTTP: a plain page at /enrol that works without scripts, and
// the call of commonwage.v1.IssuerService as JSON.

#ifndef COMMONWAGE_SERVER_ISSUER_ISSUER_HTTP_H_
#define COMMONWAGE_SERVER_ISSUER_ISSUER_HTTP_H_

#include "server/issuer/http_server.h"
#include "server/issuer/issuer.h"

namespace commonwage::server::issuer {

// Answers one request. Thread-safe.
//
//   GET  /enrol      the page
//   POST /enrol      its form: code, request (WriteEnrolmentRequest of
//                    survey/enrolment_request.h); a page with the answer
//                    (WriteEnrolmentAnswer)
//   POST /commonwage.v1.IssuerService/IssueCredential
//                    the message as JSON; errors as {"code", "message",
//                    "reason"}
//
// Reveals: nothing that was sent.
HttpResponse AnswerHttp(Issuer& issuer, const HttpRequest& request);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_ISSUER_HTTP_H_
