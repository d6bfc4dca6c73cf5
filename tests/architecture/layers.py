# SPDX-License-Identifier: Apache-2.0
"""The architecture as tables; docs/ARCHITECTURE.md draws them.

`check_includes` reads every #include of the tree, `check_links` every link line
that CMake knows. Both return sentences, one per violation.
"""

import pathlib
import re

# Each part of the tree (the longest matching path wins) and the parts that it may
# include. "protos" are the generated messages, "services" the generated stubs.
MAY_INCLUDE = {
    "base": {"base"},
    "survey": {"base", "survey", "protos"},
    "crypto": {"base", "crypto"},
    "crypto/opening": {"base", "crypto", "crypto/opening"},
    "privacy": {"base", "survey", "privacy"},
    "privacy/noise": {"base", "survey", "privacy", "privacy/noise"},
    "privacy/estimate": {"base", "survey", "privacy", "privacy/estimate"},
    "storage": {"base", "survey", "crypto", "storage"},
    "client": {"base", "survey", "crypto", "privacy", "privacy/estimate",
               "client", "protos", "services"},
    "server": {"base", "survey", "crypto", "privacy", "privacy/estimate",
               "storage", "server", "protos", "services"},
    "server/collector": {"base", "survey", "crypto", "storage", "server",
                         "server/collector", "protos", "services"},
    "server/statistics": {"base", "survey", "crypto", "privacy",
                          "privacy/estimate", "storage", "server",
                          "server/statistics", "protos", "services"},
    "server/operator": {"base", "survey", "crypto", "privacy", "storage",
                        "server", "server/command", "server/operator", "protos"},
    "server/steward": {"base", "survey", "crypto", "crypto/opening", "privacy",
                       "privacy/noise", "privacy/estimate", "storage",
                       "server", "server/command", "server/steward", "protos"},
    "server/issuer": {"base", "survey", "crypto", "storage", "server",
                      "server/command", "server/issuer", "protos", "services"},
    # stored_files.h alone knows a store's type; it is a target of its own.
    "server/command": {"base", "survey", "crypto", "storage", "server/command",
                       "protos"},
    "server/release_sim": {"base", "survey", "crypto", "privacy",
                           "privacy/noise", "server/command",
                           "server/release_sim"},
    # The quickstart's crowd is a client like any other.
    "deploy": {"base", "survey", "crypto", "client", "deploy", "protos"},
}

# Mains put roles together; they are the only files of server/ that may.
ROLES_TOGETHER = {
    "server/commonwaged.cc": {"server/collector", "server/statistics",
                              "server/command"},
    "server/commonwage_issuer.cc": {"server/issuer", "server/command"},
}

# Headers of other people that have one owner: pattern and who may include it.
OWNERS = [
    (r"<sodium", r"crypto/"),
    (r"<openssl/", r"crypto/"),
    (r"<sqlcipher/|<sqlite3", r"storage/"),
    (r"<grpc(pp)?/", r"(client|server)/"),
    (r"<boost/", r"server/"),
    (r"<unicode/", r"server/issuer/"),
    (r"<qrencode", r"server/command/qr_code"),
    (r"<random>", r"$nobody"),
]

# Doors that stay shut: who, and which headers they must never include.
SHUT = [
    (r"server/statistics/", r"storage/(inbox|sqlcipher_inbox|vault|member_roll|keyring|kek_file|shred_file|destroyable_key)"),
    (r"server/command/", r"storage/(?!signed_bytes)"),
    (r"server/(?!steward/)", r"(crypto/opening/|storage/vault)"),
    (r"server/(?!steward/|release_sim/)", r"privacy/noise/"),
    (r"server/issuer/", r"(storage/(inbox|sqlcipher_inbox|catalogue|vault)|survey/(frame|answer|inbox_file|release))"),
    (r"(client|deploy)/", r"(crypto/opening/|privacy/noise/|storage/)"),
    (r"(?!server/issuer/|crypto/)", r"crypto/blind_(rsa_key|signing)"),
    (r"(?!server/issuer/|storage/)", r"storage/member_roll"),
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
    "privacy": {"base", "survey"},
    "privacy_noise": {"base", "survey", "privacy"},
    "privacy_estimate": {"base", "survey", "privacy"},
    "storage": {"base", "survey", "crypto", "PkgConfig::sqlcipher"},
    "storage_vault": {"base", "survey", "crypto", "storage", "PkgConfig::sqlcipher"},
    "storage_member_roll": {"base", "survey", "crypto", "storage", "PkgConfig::sqlcipher"},
}

# What a shipped program must not contain, however it got there.
MUST_NOT_REACH = {
    "commonwaged": {"crypto_opening", "privacy_noise", "storage_vault",
                    "storage_member_roll", "crypto_blind_signing", "client",
                    "PkgConfig::icu", "PkgConfig::qrencode"},
    "commonwage-admin": {"crypto_opening", "privacy_noise", "storage_vault",
                         "storage_member_roll", "crypto_blind_signing", "client",
                         "PkgConfig::icu", "PkgConfig::qrencode"},
    "commonwage-issuer": {"crypto_opening", "privacy_noise", "storage_vault",
                          "privacy_estimate", "server_collector", "client"},
    "commonwage": {"crypto_opening", "privacy_noise", "storage", "storage_vault",
                   "storage_member_roll", "crypto_blind_signing",
                   "PkgConfig::icu", "PkgConfig::qrencode"},
    "commonwage-steward": {"storage_member_roll", "crypto_blind_signing",
                           "server_collector", "gRPC::grpc++", "client",
                           "PkgConfig::icu"},
    "commonwage-release-sim": {"crypto_opening", "storage", "gRPC::grpc++"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(<[^>]+>|"[^"]+")')


def part_of(path):
    """The part of the tree that `path` belongs to, or None."""
    for depth in (2, 1):
        part = "/".join(path.split("/")[:depth])
        if part in MAY_INCLUDE and path.startswith(part + "/"):
            return part
    return None


def part_of_header(header):
    """The part that a quoted header belongs to; None if it is not ours."""
    if header.startswith("commonwage/v1/") or header.startswith("google/rpc/"):
        return "services" if header.endswith(".grpc.pb.h") else "protos"
    return part_of(header)


def faults_of_include(path, header):
    """Sentences about `path` including `header`, given with its quotes."""
    name = header[1:-1]
    if header.startswith('"'):
        used = part_of_header(name)
        allowed = MAY_INCLUDE[part_of(path)] | ROLES_TOGETHER.get(path, set())
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


def check_includes(root):
    """Every violation in the sources under `root`, and how many were read."""
    faults, read = [], 0
    folders = sorted({part.split("/")[0] for part in MAY_INCLUDE})
    for folder in folders:
        for file in sorted(pathlib.Path(root, folder).rglob("*")):
            if file.suffix not in (".h", ".cc", ".inc") or "examples" in file.parts:
                continue
            path = file.relative_to(root).as_posix()
            read += 1
            for line in file.read_text(encoding="utf-8").splitlines():
                match = INCLUDE.match(line)
                if match:
                    faults.extend(faults_of_include(path, match.group(1)))
    return faults, read


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
