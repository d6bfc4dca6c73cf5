# SPDX-License-Identifier: Apache-2.0
"""The architecture as tables; docs/ARCHITECTURE.md draws them.

`check_includes` reads every #include of the tree, `check_links` every link line
that CMake knows. Both return sentences, one per violation.
"""

import pathlib
import re

# Each part of the tree, in the order of the layers, and the parts that it may
# include: itself and some that stand above it here (the tests hold the table to
# that). A folder's `internal` belongs to the folder, and is its alone. "protos"
# are the generated messages, "services" the generated stubs.
BASE = {"base", "base/file"}
SURVEY = {"survey/text", "survey/questions", "survey/plan", "survey"}
MAY_INCLUDE = {
    "protos": set(),
    "services": set(),
    "base": {"base"},
    "base/file": BASE,
    "survey/text": {"base", "survey/text"},
    "survey/questions": {"base", "survey/text", "survey/questions"},
    "survey/plan": {"base", "survey/text", "survey/questions", "survey/plan"},
    "survey": {"base", "protos"} | SURVEY,
    "crypto": BASE | {"crypto"},
    "crypto/blind": BASE | {"crypto", "crypto/blind"},
    "crypto/opening": BASE | {"crypto", "crypto/opening"},
    "artefacts": BASE | SURVEY | {"crypto", "protos", "artefacts"},
    "privacy": {"base", "privacy"} | SURVEY,
    "privacy/noise": {"base", "privacy", "privacy/noise"} | SURVEY,
    "privacy/model": {"base", "privacy", "privacy/model"} | SURVEY,
    "privacy/estimate": {"base", "privacy", "privacy/model",
                         "privacy/estimate"} | SURVEY,
    # The steward's: what is asked before anybody has answered.
    "privacy/forecast": {"base", "privacy", "privacy/model", "privacy/estimate",
                         "privacy/forecast"} | SURVEY,
    # What every request has; nothing of figures.
    "figures/request": {"base", "survey/text", "figures/request"},
    "figures": {"base", "crypto", "privacy/model", "privacy/estimate", "protos", "figures/request",
                "figures"} | SURVEY,
    "storage": BASE | {"crypto", "storage"},
    "storage/inbox": BASE | SURVEY | {"crypto", "storage", "storage/inbox"},
    "storage/catalogue": BASE | SURVEY | {"crypto", "storage", "storage/inbox",
                                          "storage/catalogue"},
    "storage/vault": BASE | SURVEY | {"crypto", "storage", "storage/vault"},
    # The office's: nothing of submissions or releases.
    "storage/members": BASE | {"crypto", "storage", "storage/members"},
    # Nothing of wages: what all command lines share.
    "command": BASE | {"crypto", "command"},
    "client/connection": {"base", "client/connection", "protos", "services"},
    "client": BASE | SURVEY | {"crypto", "crypto/blind", "artefacts", "privacy",
                               "protos", "services", "client/connection",
                               "client"},
    "client/verify": BASE | SURVEY | {"crypto", "artefacts", "privacy", "privacy/estimate",
                                      "protos", "figures", "client", "client/verify"},
    "client/cli/text": {"base", "privacy/estimate", "protos",
                        "client/cli/text"} | SURVEY,
    "client/cli": BASE | SURVEY | {"artefacts", "command", "crypto", "privacy", "protos",
                                   "client/connection", "client", "client/verify",
                                   "client/cli/text", "client/cli"},
    "server": BASE | SURVEY | {"server"},
    "server/rpc": {"base", "protos", "services", "server/rpc"},
    # stored_files.h alone knows a store's type; it is a target of its own.
    "server/command": BASE | SURVEY | {"command", "crypto", "storage",
                                       "server/command", "protos"},
    "server/collector": BASE | SURVEY | {
        "crypto", "crypto/blind", "artefacts", "figures/request", "protos", "storage",
        "storage/inbox", "storage/catalogue", "server", "server/rpc",
        "server/collector"},
    # Sees no inbox.
    "server/statistics": {"base", "privacy/model", "privacy/estimate", "figures/request", "figures",
                          "protos", "storage", "storage/catalogue",
                          "server", "server/rpc", "server/statistics"} | SURVEY,
    "server/online": BASE | SURVEY | {
        "command", "crypto", "storage", "storage/inbox", "storage/catalogue",
        "server", "server/rpc", "server/command", "server/collector",
        "server/statistics", "server/online"},
    "server/admin": BASE | SURVEY | {
        "artefacts", "command", "crypto", "privacy", "protos", "storage",
        "storage/inbox", "storage/catalogue", "server/command", "server/admin"},
    "server/steward": BASE | SURVEY | {
        "artefacts", "command", "crypto", "crypto/blind", "crypto/opening", "privacy",
        "privacy/noise", "privacy/forecast", "protos", "storage", "storage/vault",
        "server/command", "server/steward"},
    "server/issuer": BASE | SURVEY | {
        "artefacts", "command", "crypto", "crypto/blind", "protos", "storage",
        "storage/members", "server", "server/rpc", "server/command",
        "server/issuer"},
    "server/release_sim": BASE | SURVEY | {"command", "crypto", "privacy",
                                           "privacy/noise", "server/release_sim"},
    # The quickstart's crowd is a client like any other.
    "deploy": BASE | SURVEY | {"crypto", "client/connection", "client", "deploy",
                               "protos"},
}

# No folder of product code holds more files of its own than one can take in.
MOST_FILES = 40

# Headers of other people that have one owner: pattern and who may include it.
OWNERS = [
    (r"<sodium", r"crypto/"),
    (r"<openssl/", r"crypto/"),
    (r"<sqlcipher/|<sqlite3", r"storage/"),
    (r"<grpc(pp)?/", r"(client|server/rpc)/"),
    (r"<boost/(?!multiprecision/)", r"server/"),
    (r"<boost/multiprecision/", r"survey/questions/"),
    (r"<unicode/", r"server/issuer/"),
    (r"<qrencode", r"command/qr_code"),
    (r"<random>", r"$nobody"),
]

# Doors that stay shut: who, and which headers they must never include.
SHUT = [
    (r"server/statistics/", r"storage/(keyring|kek_file|shred_file|destroyable_key)"),
    (r"server/command/", r"storage/(?!signed_bytes)"),
    (r"server/issuer/", r"survey/(frame|answer|inbox_file|release)"),
    (r"(?!crypto/)", r"crypto/internal/"),
    (r"(?!server/issuer/|crypto/)", r"crypto/blind/blind_(rsa_key|signing)"),
]

# Targets, and what may be on their link line, ours and others'. Tests are free.
BASE_LIBRARIES = {"Threads::Threads", "spdlog::spdlog"}
MAY_LINK = {
    "base": BASE_LIBRARIES,
    "proto_messages": {"protobuf::libprotobuf"},
    "proto_services": {"proto_messages", "gRPC::grpc++"},
    "survey": {"base", "proto_messages", "protobuf::libprotobuf"},
    "crypto": {"base", "PkgConfig::sodium"},
    "crypto_opening": {"base", "crypto", "PkgConfig::sodium"},
    "crypto_blind_rsa": {"base", "crypto", "OpenSSL::Crypto"},
    "crypto_blind_signing": {"base", "crypto", "crypto_blind_rsa", "OpenSSL::Crypto"},
    "artefacts": {"base", "survey", "crypto", "proto_messages",
                  "protobuf::libprotobuf"},
    "privacy": {"base", "survey"},
    "privacy_noise": {"base", "survey", "privacy"},
    "privacy_model": {"base", "survey", "privacy"},
    "privacy_estimate": {"base", "survey", "privacy", "privacy_model"},
    "privacy_forecast": {"base", "survey", "privacy", "privacy_model",
                         "privacy_estimate"},
    "figures_request": {"base", "survey", "protobuf::libprotobuf"},
    "figures": {"base", "survey", "crypto", "privacy_model", "privacy_estimate", "proto_messages",
                "figures_request"},
    "storage": {"base", "survey", "crypto", "PkgConfig::sqlcipher"},
    "storage_vault": {"base", "survey", "crypto", "storage", "PkgConfig::sqlcipher"},
    "storage_member_roll": {"base", "survey", "crypto", "storage", "PkgConfig::sqlcipher"},
    "command": {"base", "crypto", "CLI11::CLI11", "protobuf::libprotobuf"},
    "command_qr_code": {"base", "PkgConfig::qrencode"},
}

# What a shipped program must not contain, however it got there.
MUST_NOT_REACH = {
    "commonwaged": {"crypto_opening", "privacy_noise", "privacy_forecast",
                    "storage_vault",
                    "storage_member_roll", "crypto_blind_signing", "client",
                    "PkgConfig::icu", "PkgConfig::qrencode"},
    "commonwage-admin": {"crypto_opening", "privacy_noise", "privacy_model",
                         "storage_vault",
                         "storage_member_roll", "crypto_blind_signing", "client",
                         "PkgConfig::icu", "PkgConfig::qrencode"},
    "commonwage-issuer": {"crypto_opening", "privacy_noise", "storage_vault",
                          "privacy_model", "server_collector", "client"},
    "commonwage": {"crypto_opening", "privacy_noise", "privacy_forecast",
                   "storage", "storage_vault",
                   "storage_member_roll", "crypto_blind_signing",
                   "PkgConfig::icu", "PkgConfig::qrencode"},
    "commonwage-steward": {"storage_member_roll", "crypto_blind_signing",
                           "server_collector", "gRPC::grpc++", "client",
                           "PkgConfig::icu"},
    "commonwage-release-sim": {"crypto_opening", "storage", "gRPC::grpc++"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(<[^>]+>|"[^"]+")')


def folder_of(path):
    """The folder of `path`; what is internal to one belongs to it."""
    return re.sub(r"/internal(/.*)?$", "", path.rpartition("/")[0])


def part_of(path):
    """The part of the tree that `path` belongs to, or None."""
    folder = folder_of(path)
    return folder if folder in MAY_INCLUDE else None


def part_of_header(header):
    """The part that a quoted header belongs to; None if it is not ours."""
    if header.startswith(("commonwage/v1/", "google/rpc/")):
        return "services" if header.endswith(".grpc.pb.h") else "protos"
    return part_of(header)


def faults_of_include(path, header):
    """Sentences about `path` including `header`, given with its quotes."""
    name = header[1:-1]
    if header.startswith('"'):
        used = part_of_header(name)
        if part_of(path) is None:
            yield f"{path}: {folder_of(path)} is not in the table of layers"
            return
        allowed = MAY_INCLUDE[part_of(path)]
        if used is None and not name.startswith(("absl/", "google/protobuf/")):
            yield f"{path} includes {name}: no part of the tree owns it"
        if used is not None and used not in allowed:
            yield f"{path} includes {name}: {part_of(path)} may not use {used}"
    for pattern, owner in OWNERS:
        if re.match(pattern, header) and not re.match(owner, path):
            yield f"{path} includes {header}, which it does not own"
    for who, forbidden in SHUT:
        if re.match(who, path) and re.match(forbidden, name):
            yield f"{path} includes {name}: that door stays shut"


def sources(root):
    """Every source of the product under `root`, with its path in the tree."""
    for folder in sorted({part.split("/")[0] for part in MAY_INCLUDE}):
        for file in sorted(pathlib.Path(root, folder).rglob("*")):
            if file.suffix in (".h", ".cc", ".inc") and "examples" not in file.parts:
                yield file, file.relative_to(root).as_posix()


def headers_of(file):
    """What `file` includes, each with its quotes or brackets."""
    matches = map(INCLUDE.match, file.read_text(encoding="utf-8").splitlines())
    return [match.group(1) for match in matches if match]


def check_includes(root):
    """Every violation in the sources under `root`, and how many were read."""
    faults, read = [], 0
    for file, path in sources(root):
        read += 1
        for header in headers_of(file):
            faults.extend(faults_of_include(path, header))
    return faults, read


def check_order(table):
    """Parts that `table` lets include a part further down: an arrow upwards."""
    order = list(table)
    return [f"{part} may include {used}, which does not stand above it"
            for part in order for used in sorted(table[part])
            if used not in order or order.index(used) > order.index(part)]


def check_circles(root):
    """Headers and sources of one name are a unit; no unit may need itself."""
    uses = {}
    for file, path in sources(root):
        unit = path.rpartition(".")[0]
        used = {header[1:-1].rpartition(".")[0] for header in headers_of(file)
                if header.startswith('"')}
        uses.setdefault(unit, set()).update(used - {unit})
    return [f"{unit} includes itself, by way of others" for unit in sorted(uses)
            if unit in reach(uses, unit)]


def check_sizes(root):
    """Folders with more files of their own than MOST_FILES."""
    faults = []
    for part in MAY_INCLUDE:
        for folder in (part, f"{part}/internal"):
            where = pathlib.Path(root, folder)
            files = [f for f in where.iterdir() if f.is_file()] if where.is_dir() else []
            if len(files) > MOST_FILES:
                faults.append(f"{folder} holds {len(files)} files; {MOST_FILES} at most")
    return faults


def read_links(listing):
    """Reads lines "target: library;library" that CMake wrote."""
    links = {}
    for line in listing.splitlines():
        target, _, libraries = line.partition(": ")
        names = {short_name(name) for name in libraries.split(";") if name}
        links.setdefault(short_name(target.rstrip(":")), set()).update(
            name for name in names if name not in ("", "compile_options"))
    return links


def short_name(name):
    """commonwage::crypto, commonwage_crypto and $<LINK_ONLY:...> of it: crypto."""
    name = re.sub(r"^\$<LINK_ONLY:(.*)>$", r"\1", name)
    return re.sub(r"^commonwage(::|_)", "", name)


def reach(links, target):
    """Everything that `target` links, however indirectly."""
    seen, todo = set(), [target]
    while todo:
        for library in links.get(todo.pop(), ()):
            if library not in seen:
                seen.add(library)
                todo.append(library)
    return seen


def check_links(links):
    """Every violation in `links`."""
    faults = []
    for target, allowed in MAY_LINK.items():
        if target not in links:
            faults.append(f"target {target} is not in the build")
        for library in sorted(links.get(target, ())):
            if library not in allowed and not library.startswith("absl::"):
                faults.append(f"{target} links {library}, which it may not")
    for program, forbidden in MUST_NOT_REACH.items():
        if program not in links:
            faults.append(f"program {program} is not in the build")
        for library in sorted(reach(links, program) & forbidden):
            faults.append(f"{program} reaches {library}, which it must not contain")
    return faults
