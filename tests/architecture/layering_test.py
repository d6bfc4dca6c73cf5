# SPDX-License-Identifier: Apache-2.0
"""The layers hold in the tree and in the build, and breaking them is noticed.

Run as: layering_test.py ROOT LINKS, where LINKS is the list that CMake wrote.
"""

import pathlib
import sys
import tempfile
import unittest

import layers

ROOT, LINKS = sys.argv[1], sys.argv[2]


class TheTree(unittest.TestCase):
    def test_includes_only_what_each_folder_may_know(self):
        faults, read = layers.check_includes(ROOT)
        self.assertGreater(read, 50, "hardly any source was read")
        self.assertEqual(faults, [])

    def test_no_arrow_points_upwards(self):
        self.assertEqual(layers.check_order(layers.MAY_INCLUDE), [])

    def test_nothing_needs_itself(self):
        self.assertEqual(layers.check_circles(ROOT), [])

    def test_no_folder_is_too_full(self):
        self.assertEqual(layers.check_sizes(ROOT), [])

    def test_links_only_what_each_target_may_know(self):
        links = layers.read_links(pathlib.Path(LINKS).read_text(encoding="utf-8"))
        self.assertEqual(layers.check_links(links), [])


    def test_counts_brackets_before_protobuf_parses_json(self):
        """Its parser recurses, and takes minutes over brackets alone."""
        parsers = [p for folder in ("artefacts", "base", "client", "command", "crypto", "figures",
                                    "privacy", "server", "storage", "survey")
                   for p in pathlib.Path(ROOT, folder).rglob("*.cc")
                   if "JsonStringToMessage(" in p.read_text(encoding="utf-8")]
        self.assertGreater(len(parsers), 2, "hardly any parser was read")
        for parser in parsers:
            with self.subTest(parser=parser):
                self.assertIn("FindBeyondJsonBounds(",
                              parser.read_text(encoding="utf-8"))


class AForbiddenInclude(unittest.TestCase):
    """Each of these, put into the tree, has to be found."""

    PLANTED = [
        ("base/clock.h", '"survey/plan/plan.h"'),
        ("survey/plan/plan.h", '"crypto/hash.h"'),
        ("crypto/hpke.cc", '"survey/plan/plan.h"'),
        ("crypto/hpke.cc", '"crypto/opening/opening_key.h"'),
        ("artefacts/signers.cc", '"privacy/zcdp.h"'),
        ("artefacts/signers.cc", '"storage/signed_bytes.h"'),
        ("artefacts/signers.cc", '"client/round_trust.h"'),
        ("artefacts/signers.cc", '"server/command/stored_files.h"'),
        ("artefacts/signers.cc", '"crypto/opening/opening_key.h"'),
        ("artefacts/signers.cc", '"commonwage/v1/round_service.grpc.pb.h"'),
        ("privacy/zcdp.cc", '"artefacts/signers.h"'),
        ("storage/inbox.cc", '"artefacts/signers.h"'),
        ("privacy/zcdp.cc", "<sodium.h>"),
        ("privacy/zcdp.cc", "<random>"),
        ("privacy/zcdp.cc", '"storage/vault/vault.h"'),
        ("privacy/zcdp.cc", '"server/steward/publisher.h"'),
        ("privacy/model/cell_cdf.cc", '"privacy/noise/tally.h"'),
        ("privacy/model/cell_cdf.cc", '"privacy/estimate/quantile.h"'),
        ("privacy/estimate/gap.cc", '"privacy/noise/tally.h"'),
        ("privacy/estimate/gap.cc", '"privacy/forecast/preview.h"'),
        ("privacy/forecast/preview.cc", '"privacy/noise/tally.h"'),
        ("client/verify/verify.cc", '"privacy/forecast/preview.h"'),
        ("server/statistics/index.cc", '"privacy/forecast/preview.h"'),
        ("figures/summarize.cc", '"storage/catalogue/catalogue.h"'),
        ("figures/summarize.cc", '"server/bounded_cache.h"'),
        ("figures/summarize.cc", '"privacy/noise/tally.h"'),
        ("figures/door.h", "<grpcpp/grpcpp.h>"),
        ("figures/door.h", '"commonwage/v1/statistics_service.grpc.pb.h"'),
        ("figures/request/faults.h", '"figures/replies.h"'),
        ("privacy/estimate/gap.cc", '"figures/replies.h"'),
        ("server/collector/admission.cc", '"figures/replies.h"'),
        ("storage/inbox.cc", '"privacy/zcdp.h"'),
        ("storage/inbox.cc", "<grpcpp/grpcpp.h>"),
        ("client/wallet.cc", '"privacy/noise/tally.h"'),
        ("client/wallet.cc", '"crypto/opening/opening_key.h"'),
        ("client/wallet.cc", '"storage/database.h"'),
        ("server/statistics/index.cc", '"storage/inbox/inbox.h"'),
        ("server/statistics/index.cc", '"server/collector/admission.h"'),
        ("server/statistics/index.cc", '"privacy/noise/tally.h"'),
        ("server/collector/admission.cc", '"crypto/opening/opening_key.h"'),
        ("server/collector/admission.cc", '"storage/vault/vault.h"'),
        ("server/collector/admission.cc", "<sqlcipher/sqlite3.h>"),
        ("server/admin/export.cc", '"storage/vault/vault.h"'),
        ("server/issuer/service.cc", '"storage/inbox/inbox.h"'),
        ("server/issuer/service.cc", '"survey/frame.h"'),
        ("server/collector/admission.cc", '"crypto/blind/blind_rsa_key.h"'),
        ("server/collector/admission.cc", '"storage/members/member_roll.h"'),
        ("server/steward/publisher.cc", "<grpcpp/grpcpp.h>\n#include <random>"),
        ("crypto/internal/text/composed_text.cc", "<unicode/normalizer2.h>"),
        ("server/steward/publisher.cc", "<unicode/uspoof.h>"),
        ("server/issuer/letters.cc", "<qrencode.h>"),
        ("command/command_line.cc", "<qrencode.h>"),
        ("command/command_line.cc", '"client/wallet_file.h"'),
        ("command/command_line.cc", '"server/rpc/grpc_server.h"'),
        ("command/report.cc", '"survey/plan/plan.h"'),
        ("command/progress.cc", "<grpcpp/grpcpp.h>"),
        ("client/wallet.cc", '"command/terminal.h"'),
        ("client/cli/words.cc", '"server/command/key_place.h"'),
        ("server/collector/admission.cc", '"command/report.h"'),
        ("server/collector/round_service.cc", "<grpcpp/grpcpp.h>"),
        ("server/issuer/issuer_service.cc",
         '"commonwage/v1/issuer_service.grpc.pb.h"'),
        ("survey/plan/plan.cc", '"somewhere/else.h"'),
    ]

    def test_is_found(self):
        for path, header in self.PLANTED:
            with self.subTest(path=path, header=header), \
                    tempfile.TemporaryDirectory() as root:
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True)
                file.write_text(f"#include {header}\n", encoding="utf-8")
                faults, _ = layers.check_includes(root)
                self.assertTrue(faults)


class AForbiddenShape(unittest.TestCase):
    def test_an_arrow_upwards_is_found(self):
        upwards = dict(layers.MAY_INCLUDE)
        upwards["survey"] = upwards["survey"] | {"crypto"}
        self.assertTrue(layers.check_order(upwards))

    def test_a_circle_is_found(self):
        with tempfile.TemporaryDirectory() as root:
            for path, header in [("base/log.h", "base/error.h"),
                                 ("base/error.cc", "base/clock.h"),
                                 ("base/clock.cc", "base/log.h"),
                                 ("base/bytes.h", "base/log.h")]:
                file = pathlib.Path(root, path)
                file.parent.mkdir(exist_ok=True)
                file.write_text(f'#include "{header}"\n', encoding="utf-8")
            self.assertEqual(len(layers.check_circles(root)), 3)

    def test_a_full_folder_is_found(self):
        with tempfile.TemporaryDirectory() as root:
            folder = pathlib.Path(root, "crypto", "internal")
            folder.mkdir(parents=True)
            for number in range(layers.MOST_FILES):
                (folder / f"part_{number}.h").touch()
            self.assertEqual(layers.check_sizes(root), [])
            (folder / "one_more.h").touch()
            self.assertEqual(len(layers.check_sizes(root)), 1)


class AForbiddenLibrary(unittest.TestCase):
    PLANTED = [
        ("base", "PkgConfig::sodium"),
        ("survey", "gRPC::grpc++"),
        ("artefacts", "storage"),
        ("artefacts", "gRPC::grpc++"),
        ("privacy", "artefacts"),
        ("privacy", "crypto"),
        ("privacy_model", "privacy_estimate"),
        ("privacy_estimate", "privacy_noise"),
        ("privacy_estimate", "privacy_forecast"),
        ("privacy_forecast", "privacy_noise"),
        ("figures", "privacy_noise"),
        ("figures", "storage"),
        ("figures_request", "privacy_estimate"),
        ("storage", "sqlite3"),
        ("server_statistics", "privacy_noise"),
        ("server_statistics", "privacy_forecast"),
        ("server_collector", "crypto_opening"),
        ("client", "storage"),
        ("client", "privacy_forecast"),
        ("server_steward", "storage_member_roll"),
        ("server_admin", "storage_vault"),
        ("crypto", "PkgConfig::icu"),
        ("command", "survey"),
        ("command", "PkgConfig::qrencode"),
    ]

    def test_is_found(self):
        listing = pathlib.Path(LINKS).read_text(encoding="utf-8")
        before = set(layers.check_links(layers.read_links(listing)))
        for target, library in self.PLANTED:
            with self.subTest(target=target, library=library):
                links = layers.read_links(f"{listing}\n{target}: {library}")
                self.assertTrue(set(layers.check_links(links)) - before)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
