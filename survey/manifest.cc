// SPDX-License-Identifier: Apache-2.0
#include "survey/manifest.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/error.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_fields.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

constexpr int64_t kManifestVersion = 2;

// Returns the bytes of a field in hexadecimal, or "" after adding a fault.
std::string ReadHex(FieldReader& fields, absl::string_view name,
                    size_t min_bytes, size_t max_bytes, FaultList& faults) {
  const JsonValue* field = fields.Required(name);
  if (field == nullptr) {
    return "";
  }
  const std::string& hex = field->text;
  if (hex.size() % 2 != 0 || hex.size() < 2 * min_bytes ||
      hex.size() > 2 * max_bytes ||
      !std::all_of(hex.begin(), hex.end(),
                   [](unsigned char c) { return absl::ascii_isxdigit(c); })) {
    faults.Add(fields.PlaceOf(name),
               "This must be a key in hexadecimal digits.");
    return "";
  }
  return HexToBytes(hex);
}

// Sets `chosen` to the one of two that a field names, or adds a fault.
template <typename Choice>
void ReadChoice(FieldReader& fields, absl::string_view name, Choice first,
                Choice second, Choice& chosen, FaultList& faults) {
  const JsonValue* field = fields.Required(name);
  if (field == nullptr) {
    return;
  }
  if (field->text == NameOf(first) || field->text == NameOf(second)) {
    chosen = field->text == NameOf(first) ? first : second;
    return;
  }
  faults.Add(fields.PlaceOf(name),
             absl::StrCat("This must be \"", NameOf(first), "\" or \"",
                          NameOf(second), "\"."));
}

void ReadTaus(FieldReader& fields, FaultList& faults, Manifest& manifest) {
  const Plan& plan = manifest.plan;
  fields.RequiredItems(
      "taus", kMaxMarginals,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        const size_t index = manifest.taus.size();
        const std::string id = reader.Identifier("marginal");
        if (index < plan.marginals.size() && id != plan.marginals[index].id) {
          faults.Add(reader.PlaceOf("marginal"),
                     "The marginals must be those of the plan, in its order.");
        }
        manifest.taus.push_back(
            reader.Whole("tau", plan.k + 1, kMaxJsonWhole).value_or(0));
        reader.RefuseOthers();
      });
  if (manifest.taus.size() != plan.marginals.size()) {
    faults.Add(fields.PlaceOf("taus"),
               "There must be one entry per marginal of the plan.");
  }
}

void ReadAdmission(FieldReader& fields, FaultList& faults, Manifest& manifest) {
  ReadChoice(fields, "admission", Admission::kOpen, Admission::kCredential,
             manifest.admission, faults);
  if (manifest.admission == Admission::kCredential) {
    manifest.issuer_public_key = ReadHex(fields, "issuer_public_key", 1,
                                         kMaxIssuerPublicKeySize, faults);
  }
}

Manifest ReadManifest(const JsonValue& value, FaultList& faults) {
  FieldReader fields(value, "", faults);
  Manifest manifest;
  fields.Whole("manifest_version", kManifestVersion, kManifestVersion);
  if (const JsonValue* plan = fields.Required("plan"); plan != nullptr) {
    manifest.plan = ReadPlan(*plan, "plan", faults);
  }
  ReadTaus(fields, faults, manifest);
  manifest.round_public_key =
      ReadHex(fields, "round_public_key", kRoundPublicKeySize,
              kRoundPublicKeySize, faults);
  manifest.operator_public_key =
      ReadHex(fields, "operator_public_key", kOperatorPublicKeySize,
              kOperatorPublicKeySize, faults);
  ReadAdmission(fields, faults, manifest);
  ReadChoice(fields, "statistics", Audience::kPublic, Audience::kKeyed,
             manifest.audience, faults);
  manifest.code_version = fields.Identifier("code_version");
  fields.RefuseOthers();
  return manifest;
}

absl::Status Faulty(absl::string_view sentence, const FaultList& faults) {
  return RefusalOfFields(Reason::kManifestFaulty, sentence, faults.faults());
}

}  // namespace

std::string WriteManifest(const Manifest& manifest) {
  COMMONWAGE_CHECK(manifest.taus.size() == manifest.plan.marginals.size());
  JsonWriter writer;
  writer.BeginObject();
  writer.Name("manifest_version");
  writer.Whole(kManifestVersion);
  writer.Name("plan");
  WritePlanFields(manifest.plan, writer);
  writer.Name("taus");
  writer.BeginList();
  for (size_t i = 0; i < manifest.taus.size(); ++i) {
    writer.BeginObject();
    writer.Name("marginal");
    writer.Text(manifest.plan.marginals[i].id);
    writer.Name("tau");
    writer.Whole(manifest.taus[i]);
    writer.EndObject();
  }
  writer.EndList();
  writer.Name("round_public_key");
  writer.Text(absl::BytesToHexString(manifest.round_public_key));
  writer.Name("operator_public_key");
  writer.Text(absl::BytesToHexString(manifest.operator_public_key));
  writer.Name("admission");
  writer.Text(NameOf(manifest.admission));
  if (manifest.admission == Admission::kCredential) {
    writer.Name("issuer_public_key");
    writer.Text(absl::BytesToHexString(manifest.issuer_public_key));
  }
  writer.Name("statistics");
  writer.Text(NameOf(manifest.audience));
  writer.Name("code_version");
  writer.Text(manifest.code_version);
  writer.EndObject();
  return std::move(writer).Finish();
}

absl::StatusOr<Manifest> ParseManifest(absl::string_view bytes) {
  FaultList faults;
  Manifest manifest;
  if (bytes.size() > kMaxManifestBytes) {
    faults.Add("", "A manifest is at most two megabytes long.");
  } else if (const JsonResult parsed = ParseJsonObject(bytes); parsed.ok) {
    manifest = ReadManifest(parsed.value, faults);
  } else {
    faults.Add(parsed.line > 0 ? absl::StrCat("line ", parsed.line) : "",
               parsed.sentence);
  }
  if (!faults.empty()) {
    return Faulty("This is not a manifest that this version understands.",
                  faults);
  }
  if (WriteManifest(manifest) != bytes) {
    faults.Add("", "The text is not spelled as manifests are.");
    return Faulty("This manifest was changed or written by another program.",
                  faults);
  }
  return manifest;
}

absl::string_view NameOf(Admission admission) {
  switch (admission) {
    case Admission::kOpen:
      return "OPEN";
    case Admission::kCredential:
      return "CREDENTIAL";
  }
  return "";
}

absl::string_view NameOf(Audience audience) {
  switch (audience) {
    case Audience::kPublic:
      return "PUBLIC";
    case Audience::kKeyed:
      return "KEYED";
  }
  return "";
}

}  // namespace commonwage
